import ArgumentParser
import Facility
import PaymentCrypto

/// Takes the certificate of an RSA key.
struct CertificateInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Takes the certificate of an RSA key, and the chain above it.",
        discussion: """
            They must belong to the key and to each other, be valid today, and permit what the key is for: \
            digitalSignature for a signing key, keyEncipherment for one that receives. They may be in any order.
            """)

    @Argument(help: "The key's name, or the token of an exchange.", transform: Arguments.keyName)
    var name: KeyName

    @Argument(help: "A file with the certificate and those of its issuers; - for standard input.")
    var file: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        // Known before anybody is asked for a passphrase.
        _ = try global.readSite().keyring().rsaKey(name)
        let certificates = try CertificateFile(file).all()
        let entry = try global.audited("certificate install") { site, event in
            event.add(name)
            return try CertificateRefusal.naming(file) {
                try site.install(certificates, for: name, recording: &event)
            }
        }
        let report = RSAKeyReport(entry)
        try global.console.write(report, text: report.text)
    }
}
