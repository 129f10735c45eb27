import COpenSSL

// What can be said of one certificate by itself, or of two of them; RFC 5280, 4.2 and 6.1.3.
extension Certificate {
    /// Refuses one that is not valid at this time; both ends of its validity belong to it.
    public func checkTime(_ moment: Moment) throws(CertificateError) {
        guard notBefore <= moment else { throw .notYetValid(notBefore: notBefore) }
        guard moment <= notAfter else { throw .expired(notAfter: notAfter) }
    }

    /// Whether the issuer's name is the other's, and the signature by its key.
    public func isIssued(by issuer: Certificate) -> Bool { issuerName == issuer.subjectName && isSigned(by: issuer) }

    /// Refuses a key usage that lacks this purpose; one that is absent allows everything, unless it is required.
    public func checkUsage(_ purpose: CertificatePurpose, isRequired: Bool) throws(CertificateError) {
        guard let keyUsage else {
            if isRequired { throw .missingUsage(expected: purpose) }
            return
        }
        guard keyUsage & purpose.keyUsageBit != 0 else { throw .wrongUsage(expected: purpose) }
    }

    func checkSize(_ minimum: RSAKeySize) throws(CertificateError) {
        guard publicKey.bitCount >= minimum.bitCount else {
            throw .tooSmall(bitCount: publicKey.bitCount, minimum: minimum.bitCount)
        }
    }

    /// Refuses a critical extension that OpenSSL does not know.
    func checkCriticalExtensions() throws(CertificateError) {
        guard handle.flags & UInt32(EXFLAG_CRITICAL) != 0 else { return }
        for index in 0..<max(X509_get_ext_count(handle.pointer), 0) {
            guard let item = X509_get_ext(handle.pointer, index) else { continue }
            guard X509_EXTENSION_get_critical(item) == 1, X509_supported_extension(item) == 0 else { continue }
            throw .criticalExtension(OpenSSLObject.name(X509_EXTENSION_get_object(item)))
        }
    }

    /// Refuses a signature that is weaker than RSA with SHA-256.
    func checkSignatureAlgorithm() throws(CertificateError) {
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_get0_signature(nil, &algorithm, handle.pointer)
        try SignatureAlgorithm.check(algorithm)
    }

    /// Refuses an authority's certificate that does not allow it to issue others.
    func checkMayIssue() throws(CertificateError) {
        guard isAuthority else { throw .notAuthority }
        guard keyUsage.map({ $0 & UInt32(KU_KEY_CERT_SIGN) != 0 }) ?? true else { throw .mayNotIssue }
    }

    var maySignRevocationLists: Bool { keyUsage.map { $0 & UInt32(KU_CRL_SIGN) != 0 } ?? true }

    /// How many authorities it allows below it, if it says so.
    var pathLength: Int? {
        let length = X509_get_pathlen(handle.pointer)
        return length >= 0 ? length : nil
    }

    /// Whether it limits the names that may be given below it.
    var hasNameConstraints: Bool { X509_get_ext_by_NID(handle.pointer, NID_name_constraints, -1) >= 0 }

    func isSigned(by issuer: Certificate) -> Bool {
        defer { ERR_clear_error() }
        return X509_verify(handle.pointer, issuer.publicKey.handle.pointer) == 1
    }

    /// The bits of the key usage, or nil where there is none.
    private var keyUsage: UInt32? {
        handle.flags & UInt32(EXFLAG_KUSAGE) != 0 ? X509_get_key_usage(handle.pointer) : nil
    }
}

extension CertificatePurpose {
    fileprivate var keyUsageBit: UInt32 {
        switch self {
        case .keyReceiving: UInt32(KU_KEY_ENCIPHERMENT)
        case .signing: UInt32(KU_DIGITAL_SIGNATURE)
        }
    }
}
