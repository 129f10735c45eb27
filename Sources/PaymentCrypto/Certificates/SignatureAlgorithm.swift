import COpenSSL

/// How a certificate or a revocation list is signed.
enum SignatureAlgorithm {
    /// RSA, PKCS #1 v1.5 or PSS.
    private static let rsa: Set<Int32> = [NID_rsaEncryption, NID_rsassaPss]

    /// SHA-256 or better (NIST SP 800-131A, 9).
    private static let hashes: Set<Int32> = [
        NID_sha256, NID_sha384, NID_sha512, NID_sha512_256, NID_sha3_256, NID_sha3_384, NID_sha3_512,
    ]

    /// Refuses what is weaker than RSA with SHA-256.
    static func check(_ algorithm: UnsafePointer<X509_ALGOR>?) throws(CertificateError) {
        defer { ERR_clear_error() }
        var object: OpaquePointer?
        X509_ALGOR_get0(&object, nil, nil, algorithm)
        let identifier = OBJ_obj2nid(object)
        var (hash, key) = (NID_undef, NID_undef)
        if identifier == NID_rsassaPss {
            (hash, key) = (hashOfPSS(algorithm), NID_rsassaPss)
        } else {
            OBJ_find_sigid_algs(identifier, &hash, &key)
        }
        guard rsa.contains(key), hashes.contains(hash) else { throw .weakHash(OpenSSLObject.name(object)) }
    }

    /// See RFC 4055, 3.1; what is left out stands for SHA-1.
    private static func hashOfPSS(_ algorithm: UnsafePointer<X509_ALGOR>?) -> Int32 {
        var (kind, value) = (V_ASN1_UNDEF, UnsafeRawPointer?.none)
        X509_ALGOR_get0(nil, &kind, &value, algorithm)
        guard kind == V_ASN1_SEQUENCE, let text = value?.assumingMemoryBound(to: ASN1_STRING.self) else {
            return NID_undef
        }
        var position = ASN1_STRING_get0_data(text)
        guard let parameters = d2i_RSA_PSS_PARAMS(nil, &position, Int(ASN1_STRING_length(text))) else {
            return NID_undef
        }
        defer { RSA_PSS_PARAMS_free(parameters) }
        guard let hash = parameters.pointee.hashAlgorithm else { return NID_sha1 }
        return OBJ_obj2nid(hash.pointee.algorithm)
    }
}

extension OpenSSLObject {
    /// The name of an object identifier, or its numbers.
    static func name(_ object: OpaquePointer?) -> String {
        guard let object else { return "?" }
        var text = [CChar](repeating: 0, count: 80)
        guard OBJ_obj2txt(&text, Int32(text.count), object, 0) > 0 else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
