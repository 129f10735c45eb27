import ArgumentParser
import Facility
import PaymentCrypto

/// Prints the certificate of an RSA key, and its chain.
struct CertificateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints the certificate of an RSA key and the chain above it, as PEM.",
        discussion: """
            Where none was installed, the site's own CA for that role issues one, which takes the passphrases; what is \
            there is shown without, and with them only once the keyring is proved to be genuine. With --json, KeyCertificate and KeyCertificateChain are as AWS Payment Cryptography's \
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
        if showsList { return try showList() }
        let chain = try chain()
        let report = Report(certificate: PEMText.base64(chain.prefix(1)), chain: PEMText.base64(chain.dropFirst()))
        try global.console.write(report, text: chain.map(\.pem).joined())
    }

    /// With passphrases the keyring is proved to be genuine, also where nothing has to be issued.
    private func chain() throws -> [Certificate] {
        let keyring = try global.readSite().keyring()
        if let chain = try Self.known(name, in: keyring), global.passphraseFiles.isEmpty { return chain }
        return try audited { site, keyring in
            if let chain = try Self.known(name, in: keyring) { return chain }
            return try site.certificateChain(of: try keyring.rsaKey(name), operators: global.operators)
        }
    }

    /// What is there; nil where a certificate has to be issued.
    private static func known(_ name: KeyName, in keyring: Keyring) throws -> [Certificate]? {
        if keyring.kind(of: name) == .anchor {
            let anchor = try keyring.anchor(name)
            return [anchor.certificate] + anchor.intermediates
        }
        let entry = try keyring.rsaKey(name)
        return entry.needsCertificate(at: .now) ? nil : entry.chain
    }

    /// A list that runs out is made anew, which changes the keyring.
    private func showList() throws {
        let entry = try global.readSite().keyring().rsaKey(name)
        guard entry.isIssuedByOwnAuthority || entry.chain.isEmpty else {
            throw CommandFailure(
                .missingInput, "the site has no list of revoked certificates for key '\(name)'",
                hint: "it has one for certificates of its own CAs; whoever issued this one has the other")
        }
        let list = try audited { site, keyring in
            try site.revocationList(of: try keyring.rsaKey(name), operators: global.operators)
        }
        guard let list else {
            throw CommandFailure(
                .missingInput, "key '\(name)' has no certificate yet",
                hint: "'ipek certificate show \(name)' issues one")
        }
        try global.console.write(ListReport(list: PEMText.base64(list.pem)), text: list.pem)
    }

    private func audited<R>(_ body: (borrowing UnlockedSite, Keyring) throws -> R) throws -> R {
        try global.audited("certificate show") { site, event in
            event.add(name)
            let keyring = try site.keyring()
            if keyring.kind(of: name) == .rsa { event.add(try keyring.rsaKey(name)) }
            return try body(site, keyring)
        }
    }
}
