import Facility
import PaymentCrypto

extension ReceiverRules {
    /// The rules of a run's transport; nil for key blocks, which need no certificate.
    ///
    /// - Throws: what ``CertificateTrust/validator(for:in:_:at:)`` throws, and `OutputError` where the manifest's folder
    ///   cannot be opened.
    init?(_ options: ProvisionOptions, in site: Site, _ keyring: Keyring, at time: Moment) throws {
        guard let trust = options.transport.trust else { return nil }
        let validator = try trust.validator(for: .krd, in: site, keyring, at: time)
        let folder = try CertificateFolder(options.manifest.certificateFolder)
        let isToken = options.transport.name == .tr34
        self.init(takesNonce: isToken, carriesHeader: isToken) { cell in
            folder.read(cell).flatMap { Self.certificate(in: $0, validator) }
        }
    }

    /// The certificate of a file, or the first of a chain, which the validator has nothing against.
    ///
    /// What else is in the file helps nobody to be trusted.
    private static func certificate(
        in file: [UInt8], _ validator: CertificateValidator
    ) -> Result<Certificate, CertificateFault> {
        let bundle: [Certificate]
        do throws(CertificateError) { bundle = try Certificate.bundle(file) } catch {
            return .failure(CertificateFault(message: "\(error)"))
        }
        guard let certificate = bundle.first else {
            return .failure(CertificateFault(message: "expected a certificate, found none"))
        }
        do throws(CertificateError) { try validator.validate(certificate) } catch {
            return .failure(CertificateFault(message: "\(CertificateHolder(.krd, certificate)): \(error)"))
        }
        return .success(certificate)
    }
}

extension ManifestOptions {
    /// Where the certificates lie that a manifest names: its own folder, or where the program runs if it has none.
    var certificateFolder: String {
        // Standard input and what the shell puts into a descriptor lie nowhere.
        if name == "-" || name.hasPrefix("/dev/") || name.hasPrefix("/proc/") { return "." }
        guard let slash = name.lastIndex(of: "/") else { return "." }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }
}
