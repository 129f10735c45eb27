import COpenSSL

/// A certificate revocation list, taken apart; nothing says yet that it can be trusted.
///
/// Lists of one issuer about its own certificates only: see RFC 5280, 5.1 and 5.2.
public final class CertificateRevocationList: Sendable {
    /// The list as it came.
    public let der: [UInt8]
    /// The issuer's name for people, harmless to print.
    public let issuer: String
    /// When it was made.
    public let thisUpdate: Moment
    /// When the next one comes at the latest.
    public let nextUpdate: Moment

    /// The name as it stands in the list.
    let issuerName: [UInt8]
    private let handle: RevocationListHandle

    /// Reads one list in DER, with nothing before or behind it.
    public init(der: [UInt8]) throws(CertificateError) {
        guard let handle = RevocationListHandle(der),
            let thisUpdate = OpenSSLObject.moment(X509_CRL_get0_lastUpdate(handle.pointer)),
            // RFC 5280, 5.1.2.5: it must be there.
            let nextUpdate = OpenSSLObject.moment(X509_CRL_get0_nextUpdate(handle.pointer))
        else { throw .malformed("expected a revocation list in DER, found something else") }
        (self.der, self.handle) = (der, handle)
        (self.thisUpdate, self.nextUpdate) = (thisUpdate, nextUpdate)
        let name = X509_CRL_get_issuer(handle.pointer)
        issuer = OpenSSLObject.text(name)
        issuerName = OpenSSLObject.encoding(name, i2d_X509_NAME)
    }

    /// The list as text.
    public var pem: String { PEM.text("X509 CRL", der) }

    /// Reads a file with one list or more: PEM, DER, or the Base64 of either.
    public static func read(_ file: [UInt8]) throws(CertificateError) -> [CertificateRevocationList] {
        let parts = try EncodedFile.parts(file, label: "X509 CRL", of: "a revocation list")
        return try parts.map { (der) throws(CertificateError) in try CertificateRevocationList(der: der) }
    }

    /// Refuses a list that is not signed by the key of this issuer.
    public func checkSignature(of issuer: Certificate) throws(CertificateError) {
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_CRL_get0_signature(handle.pointer, nil, &algorithm)
        try SignatureAlgorithm.check(algorithm)
        defer { ERR_clear_error() }
        guard issuerName == issuer.subjectName,
            X509_CRL_verify(handle.pointer, issuer.publicKey.handle.pointer) == 1
        else { throw .revocationListBadSignature(issuer: issuer.subject) }
    }

    /// Refuses a list that was not made yet, or is over.
    public func checkTime(_ moment: Moment) throws(CertificateError) {
        guard thisUpdate <= moment else { throw .revocationListNotYetValid(thisUpdate: thisUpdate) }
        guard moment <= nextUpdate else { throw .revocationListExpired(nextUpdate: nextUpdate) }
    }

    /// Refuses what this module does not understand: lists of a part of the certificates, or of somebody else's.
    func checkExtensions() throws(CertificateError) {
        if let name = handle.unknownExtension { throw .revocationListUnusable("extension \(name) is not supported") }
    }

    /// When the certificate was revoked, or nil; the list must be its issuer's.
    public func revocation(of certificate: Certificate) -> Moment? {
        var entry: OpaquePointer?
        let serial = UnsafeMutablePointer(mutating: X509_get0_serialNumber(certificate.handle.pointer))
        guard X509_CRL_get0_by_serial(handle.pointer, &entry, serial) != 0, let entry else { return nil }
        return OpenSSLObject.moment(X509_REVOKED_get0_revocationDate(entry)) ?? thisUpdate
    }
}

/// A revocation list of OpenSSL's that frees itself.
///
/// Unchecked: an X509_CRL is counted by reference and never changed here after it was read; OpenSSL locks the list
/// while it sorts it for the first search.
private final class RevocationListHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// The name of the first extension, of the list or of an entry, that changes what an entry means.
    let unknownExtension: String?

    /// Reads exactly one list; nil for anything else, and for BER that is not DER.
    init?(_ der: [UInt8]) {
        defer { ERR_clear_error() }
        let read = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            guard let list = d2i_X509_CRL(nil, &position, bytes.count) else { return nil }
            if position == bytes.baseAddress.map({ $0 + bytes.count }) { return list }
            X509_CRL_free(list)
            return nil
        }
        guard let read else { return nil }
        pointer = read
        unknownExtension = Self.firstUnknownExtension(read)
        guard OpenSSLObject.encoding(read, i2d_X509_CRL) == der else { return nil }
    }

    deinit {
        X509_CRL_free(pointer)
    }

    private static func firstUnknownExtension(_ list: OpaquePointer) -> String? {
        for index in 0..<max(X509_CRL_get_ext_count(list), 0) {
            if let name = unknownName(X509_CRL_get_ext(list, index)) { return name }
        }
        let entries = X509_CRL_get_REVOKED(list)
        for index in 0..<max(OPENSSL_sk_num(entries), 0) {
            let entry = OPENSSL_sk_value(entries, index).map { OpaquePointer($0) }
            for position in 0..<max(X509_REVOKED_get_ext_count(entry), 0) {
                if let name = unknownName(X509_REVOKED_get_ext(entry, position)) { return name }
            }
        }
        return nil
    }

    /// See RFC 5280, 5.2.4, 5.2.5, 5.3.3: these three make another kind of list, critical or not.
    private static func unknownName(_ item: OpaquePointer?) -> String? {
        guard let item else { return nil }
        let object = X509_EXTENSION_get_object(item)
        let identifier = OBJ_obj2nid(object)
        let isOtherKind = [NID_delta_crl, NID_issuing_distribution_point, NID_certificate_issuer].contains(identifier)
        let isKnown = [NID_authority_key_identifier, NID_crl_number, NID_crl_reason].contains(identifier)
        return isOtherKind || !isKnown && X509_EXTENSION_get_critical(item) == 1 ? OpenSSLObject.name(object) : nil
    }
}
