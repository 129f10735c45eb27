import COpenSSL

/// OpenSSL's opinion of a path, for what this module does not judge itself: names that an authority may not give,
/// policies, and whatever else RFC 5280 has.
enum OpenSSLPath {
    /// Refuses a path that OpenSSL refuses; it goes from the certificate in question to the anchor.
    ///
    /// Times and revocation are none of its business here, and neither is the machine's security level.
    static func check(_ path: [Certificate]) throws(CertificateError) {
        guard let first = path.first, let anchor = path.last else { return }
        defer { ERR_clear_error() }
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let between = OPENSSL_sk_new_null()
        else { throw .engine(EngineError.draining(.operationFailed("making a certificate store"))) }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            OPENSSL_sk_free(between)
        }
        for certificate in path.dropFirst().dropLast() {
            OPENSSL_sk_push(between, UnsafeRawPointer(certificate.handle.pointer))
        }
        guard X509_STORE_add_cert(store, anchor.handle.pointer) == 1,
            X509_STORE_CTX_init(context, store, first.handle.pointer, between) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw .engine(EngineError.draining(.operationFailed("preparing a path"))) }
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME))
        X509_VERIFY_PARAM_set_auth_level(parameters, 0)
        guard X509_verify_cert(context) == 1 else {
            let reason = X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context)))
            throw .pathRefused(reason.map { String(cString: $0) } ?? "no reason given")
        }
    }
}
