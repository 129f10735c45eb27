import ArgumentParser
import Facility
import PaymentCrypto

/// Enrols a CA for one role.
struct CertificateTrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Enrols a root or intermediate CA certificate for one role.",
        discussion: """
            krd is for receivers of keys, kdh for senders: a CA that is trusted in one role is not trusted in the other. \
            Where the file has several certificates, they must be one chain; its topmost one is the anchor. Compare the \
            SHA-256 that is printed with the one that the CA's owner gave you by another way.
            """)

    @Argument(help: "The name to know it by.", transform: Arguments.keyName)
    var name: KeyName

    @Argument(help: "A file with the certificate: PEM, DER, or as AWS has it; - for standard input.")
    var file: String

    @Option(help: "Whom it vouches for.")
    var role: TrustRole

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.readSite().keyring().checkIsFree(name)
        let certificates = try CertificateFile(file).authorities()
        let (anchor, warning) = try global.audited("certificate trust") { site, event in
            event.add(name)
            let warning = Self.warning(about: certificates, role, in: try site.keyring())
            if let warning { event.add(fact: "warning", warning) }
            let anchor = try CertificateRefusal.naming(file) {
                try site.trust(certificates, as: name, for: role, recording: &event)
            }
            return (anchor, warning)
        }
        if let warning {
            global.console.warn(
                warning, hint: "only the key usage of its certificates keeps senders and receivers apart")
        }
        let report = AnchorReport(anchor)
        try global.console.write(report, text: report.text)
    }

    /// AWS has one CA for both roles; whoever enrols one twice should know what that costs.
    private static func warning(
        about certificates: [Certificate], _ role: TrustRole, in keyring: Keyring
    ) -> String? {
        let others = TrustRole.allCases.filter { $0 != role }.flatMap { keyring.anchors(for: $0) }
        let other = others.first { other in certificates.contains { $0.publicKey == other.certificate.publicKey } }
        return other.map { "the same CA is trusted for \($0.role), too, as '\($0.name)'" }
    }
}
