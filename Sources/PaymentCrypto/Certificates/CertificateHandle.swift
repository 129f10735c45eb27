import COpenSSL

/// A certificate of OpenSSL's that frees itself.
///
/// Unchecked: an X509 is counted by reference and never changed here after it was read. What OpenSSL would compute
/// lazily (the extensions' flags, the fingerprint) is computed while nobody else has it.
final class CertificateHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// What OpenSSL found in the extensions (EXFLAG).
    let flags: UInt32

    /// Reads exactly one certificate; nil for anything else, for BER that is not DER, and for extensions that cannot be read.
    init?(_ der: [UInt8]) {
        defer { ERR_clear_error() }
        let read = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            guard let certificate = d2i_X509(nil, &position, bytes.count) else { return nil }
            if position == bytes.baseAddress.map({ $0 + bytes.count }) { return certificate }
            X509_free(certificate)
            return nil
        }
        guard let read else { return nil }
        let isValid = X509_check_purpose(read, -1, 0) == 1
        flags = X509_get_extension_flags(read)
        pointer = read
        guard isValid, flags & UInt32(EXFLAG_INVALID) == 0, OpenSSLObject.encoding(read, i2d_X509) == der else {
            return nil
        }
    }

    deinit {
        X509_free(pointer)
    }
}

/// What all of OpenSSL's structures have in common.
enum OpenSSLObject {
    /// The DER of a structure, or nothing where OpenSSL fails.
    static func encoding<Object>(
        _ object: Object, _ encode: (Object, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        var output: UnsafeMutablePointer<UInt8>?
        let count = encode(object, &output)
        defer { CRYPTO_free(output, nil, 0) }
        guard count > 0, let output else { return [] }
        return Array(UnsafeBufferPointer(start: output, count: Int(count)))
    }

    /// A time as certificates have it, or nil for one that is malformed.
    static func moment(_ time: UnsafePointer<ASN1_TIME>?) -> Moment? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Moment(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
    }

    /// A name for people: printable ASCII, anything else escaped, and not too much of it.
    static func text(_ name: OpaquePointer?) -> String {
        guard let name, let output = BIO_new(BIO_s_mem()) else { return "?" }
        defer { BIO_free(output) }
        guard X509_NAME_print_ex(output, name, 0, ipek_name_format) >= 0 else { return "?" }
        var buffer = [UInt8](repeating: 0, count: maximumNameCount + 1)
        let count = Int(max(BIO_read(output, &buffer, Int32(buffer.count)), 0))
        let text = String(decoding: buffer[..<min(count, maximumNameCount)], as: UTF8.self)
        return count > maximumNameCount ? text + "..." : text
    }

    private static let maximumNameCount = 200
}
