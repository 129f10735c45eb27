import ArgumentParser
import Facility
import PaymentCrypto

/// Makes a certificate request for an RSA key.
struct CertificateRequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Makes a certificate request (CSR) for an RSA key, as PEM on stdout.")

    @Argument(help: "The key's name, or the token of an exchange.", transform: Arguments.keyName)
    var name: KeyName

    @Option(help: "Whose key it is, such as '/CN=KIF 1/O=North Bank/C=TR'.", transform: Arguments.distinguishedName)
    var subject: DistinguishedName

    @OptionGroup var global: GlobalOptions

    /// As `aws payment-cryptography get-certificate-signing-request` prints it.
    private struct Report: Encodable {
        let request: String

        enum CodingKeys: String, CodingKey {
            case request = "CertificateSigningRequest"
        }
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        _ = try global.readSite().keyring().rsaKey(name)
        let request = try global.audited("certificate request") { site, event in
            event.add(name)
            let entry = try site.keyring().rsaKey(name)
            event.add(entry)
            let request = try site.certificateRequest(for: entry, subject: subject, tokens: global.tokens)
            event.add(fact: "sha256", Hexadecimal.text(ContentDigest.sha256(request.der)).lowercased())
            return request
        }
        try global.console.write(Report(request: PEMText.base64(request.pem)), text: request.pem)
    }
}

extension Arguments {
    /// `/CN=...`, as OpenSSL takes it.
    static func distinguishedName(_ text: String) throws -> DistinguishedName {
        do throws(DistinguishedNameError) { return try DistinguishedName(text) } catch {
            throw ValidationError("\(error)")
        }
    }
}
