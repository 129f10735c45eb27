import ArgumentParser
import Facility
import PaymentCrypto

/// Prints the certificate of an RSA key, and its chain.
struct CertificateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints the certificate of an RSA key and the chain above it, as PEM.",
        discussion: """
            Where none was installed, the site's own CA for that role issues one, which takes the passphrases; what is \
            there is shown without. With --json, KeyCertificate and KeyCertificateChain are as AWS Payment Cryptography's \
            get-public-key-certificate has them. The name of a trust anchor shows that.
            """)

    @Argument(help: "The key's name, the token of an exchange, or a trust anchor's name.", transform: Arguments.keyName)
    var name: KeyName

    @Flag(
        name: .customLong("crl"),
        help: "Print the list of revoked certificates (CRL) of the site's own CA; takes the passphrases.")
    var showsList = false

    @OptionGroup var global: GlobalOptions

    /// As `aws payment-cryptography get-public-key-certificate` prints it.
    private struct Report: Encodable {
        let certificate: String
        let chain: String

        enum CodingKeys: String, CodingKey {
            case certificate = "KeyCertificate"
            case chain = "KeyCertificateChain"
        }
    }

    private struct ListReport: Encodable {
        let list: String

        enum CodingKeys: String, CodingKey {
            case list = "CertificateRevocationList"
        }
    }

    func run() throws {
        let keyring = try global.readSite().keyring()
        if showsList { return try showList(of: try keyring.rsaKey(name)) }
        let chain = try chain(in: keyring)
        let report = Report(certificate: PEMText.base64(chain.prefix(1)), chain: PEMText.base64(chain.dropFirst()))
        try global.console.write(report, text: chain.map(\.pem).joined())
    }

    private func chain(in keyring: Keyring) throws -> [Certificate] {
        if keyring.kind(of: name) == .anchor {
            let anchor = try keyring.anchor(name)
            return [anchor.certificate] + anchor.intermediates
        }
        let entry = try keyring.rsaKey(name)
        guard entry.needsCertificate(at: .now) else { return entry.chain }
        return try audited { site, entry in try site.certificateChain(of: entry, operators: global.operators) }
    }

    /// A list that runs out is made anew, which changes the keyring.
    private func showList(of entry: RSAKeyEntry) throws {
        guard entry.isIssuedByOwnAuthority || entry.chain.isEmpty else {
            throw CommandFailure(
                .missingInput, "the site has no list of revoked certificates for key '\(name)'",
                hint: "it has one for certificates of its own CAs; whoever issued this one has the other")
        }
        let list = try audited { site, entry in try site.revocationList(of: entry, operators: global.operators) }
        guard let list else {
            throw CommandFailure(
                .missingInput, "key '\(name)' has no certificate yet",
                hint: "'ipek certificate show \(name)' issues one")
        }
        try global.console.write(ListReport(list: PEMText.base64(list.pem)), text: list.pem)
    }

    private func audited<R>(_ body: (borrowing UnlockedSite, RSAKeyEntry) throws -> R) throws -> R {
        try global.audited("certificate show") { site, event in
            event.add(name)
            let entry = try site.keyring().rsaKey(name)
            event.add(entry)
            return try body(site, entry)
        }
    }
}
