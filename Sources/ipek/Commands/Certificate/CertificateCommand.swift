import ArgumentParser

/// Certificates of the site's RSA keys, and the CAs that it trusts.
struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Trusts CAs, and has the certificates of the site's own RSA keys.",
        subcommands: [
            CertificateTrustCommand.self, CertificateRequestCommand.self, CertificateInstallCommand.self,
            CertificateShowCommand.self,
        ])
}
