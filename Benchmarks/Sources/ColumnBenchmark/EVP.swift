import CBenchmarkEVP

/// A cipher context with its key set once.
final class Cipher {
    private let context = EVP_CIPHER_CTX_new()

    init(_ name: String, key: [UInt8]? = nil) {
        let cipher = EVP_CIPHER_fetch(nil, name, nil)
        check(EVP_EncryptInit_ex2(context, cipher, key, nil, nil))
        EVP_CIPHER_free(cipher)
        EVP_CIPHER_CTX_set_padding(context, 0)
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Sets another key, the cipher staying as it is.
    func setKey(_ key: UnsafePointer<UInt8>) {
        check(EVP_EncryptInit_ex2(context, nil, key, nil, nil))
    }

    func setInitializationVector(_ vector: UnsafePointer<UInt8>) {
        check(EVP_EncryptInit_ex2(context, nil, nil, vector, nil))
    }

    func encrypt(_ bytes: UnsafePointer<UInt8>, count: Int, into output: UnsafeMutablePointer<UInt8>) {
        var written: Int32 = 0
        check(EVP_EncryptUpdate(context, output, &written, bytes, Int32(count)))
    }
}

/// CMAC through the EVP interface.
final class CMAC {
    private let context: OpaquePointer?

    init(_ cipher: String, key: [UInt8]) {
        let mac = EVP_MAC_fetch(nil, "CMAC", nil)
        context = EVP_MAC_CTX_new(mac)
        EVP_MAC_free(mac)
        var name = Array(cipher.utf8CString)
        name.withUnsafeMutableBufferPointer { name in
            let parameters = [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name.baseAddress, 0),
                OSSL_PARAM_construct_end(),
            ]
            check(EVP_MAC_init(context, key, key.count, parameters))
        }
    }

    deinit { EVP_MAC_CTX_free(context) }

    /// Authenticates under another key of the same length.
    func setKey(_ key: UnsafePointer<UInt8>, count: Int) {
        check(EVP_MAC_init(context, key, count, nil))
    }

    /// Starts anew under the same key.
    func restart() {
        check(EVP_MAC_init(context, nil, 0, nil))
    }

    func authenticate(_ message: UnsafePointer<UInt8>, count: Int, into output: UnsafeMutablePointer<UInt8>) {
        var written = 0
        check(EVP_MAC_update(context, message, count))
        check(EVP_MAC_final(context, output, &written, 16))
    }
}

/// A failing call would make the figures meaningless.
func check(_ result: Int32) {
    precondition(result == 1, "an OpenSSL call failed")
}
