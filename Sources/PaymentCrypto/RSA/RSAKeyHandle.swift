import COpenSSL

/// An RSA key of OpenSSL's that frees itself, public or with its private part.
///
/// Unchecked: an EVP_PKEY is counted by reference, is never changed after it was made, and OpenSSL 3 locks what it
/// computes on first use; each operation has a context of its own.
final class RSAKeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over one reference.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// A context for one operation with the key.
    func makeContext() throws(EngineError) -> KeyContextHandle {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else {
            throw EngineError.draining(.operationFailed("making an RSA context"))
        }
        return KeyContextHandle(owning: context)
    }
}

/// An EVP_PKEY_CTX that frees itself; one owner.
struct KeyContextHandle: ~Copyable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// A context that makes RSA keys.
    static func forRSA() throws(EngineError) -> KeyContextHandle {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            throw EngineError.draining(.cipherUnavailable("RSA"))
        }
        return KeyContextHandle(owning: context)
    }

    deinit {
        EVP_PKEY_CTX_free(pointer)
    }
}
