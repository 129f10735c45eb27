import COpenSSL

/// The numbers of an RSA key under the names that OpenSSL has for them; see RFC 8017, 3.1 and 3.2.
enum RSANumber: CaseIterable {
    case modulus
    case publicExponent
    case privateExponent
    case prime1
    case prime2
    case exponent1
    case exponent2
    case coefficient

    fileprivate var name: StaticString {
        switch self {
        case .modulus: "n"
        case .publicExponent: "e"
        case .privateExponent: "d"
        case .prime1: "rsa-factor1"
        case .prime2: "rsa-factor2"
        case .exponent1: "rsa-exponent1"
        case .exponent2: "rsa-exponent2"
        case .coefficient: "rsa-coefficient1"
        }
    }
}

/// Moves the numbers of a key between OpenSSL and memory of ours, where they are big-endian.
///
/// OpenSSL's own encoders and decoders leave clear copies behind in the ordinary heap; this way there is none.
struct RSANumbers {
    /// The most bytes that a number has: a modulus of 4096 bits.
    static let maximumByteCount = 512

    private let scratch: SecretScratch
    private var counts: [RSANumber: Int] = [:]

    /// Room for all of them.
    init() {
        scratch = SecretScratch(byteCount: RSANumber.allCases.count * Self.maximumByteCount)
    }

    /// Reads these numbers out of a key; nil where it lacks one, or has one that is too long.
    init?(of key: RSAKeyHandle, _ numbers: [RSANumber]) {
        self.init()
        defer { withExtendedLifetime(scratch) {} }
        for number in numbers {
            var parameters = [parameter(number, count: Self.maximumByteCount), OSSL_PARAM_construct_end()]
            guard EVP_PKEY_get_params(key.pointer, &parameters) == 1 else {
                ERR_clear_error()
                return nil
            }
            reverse(number, count: Self.maximumByteCount)
            counts[number] = Self.maximumByteCount
        }
    }

    /// The number without leading zeros; nothing where there is none.
    func withBytes<R: ~Copyable>(_ number: RSANumber, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        withExtendedLifetime(scratch) {
            let bytes = slot(number)[..<(counts[number] ?? 0)]
            return body(UnsafeRawBufferPointer(rebasing: bytes.drop { $0 == 0 }))
        }
    }

    /// Puts a number in; false where it is too long.
    mutating func set(_ number: RSANumber, _ magnitude: UnsafeRawBufferPointer) -> Bool {
        guard magnitude.count <= Self.maximumByteCount else { return false }
        withExtendedLifetime(scratch) { slot(number).copyMemory(from: magnitude) }
        counts[number] = magnitude.count
        return true
    }

    /// A key with these numbers; the order of the bytes is OpenSSL's afterwards.
    consuming func makeKey(selection: Int32) throws(EngineError) -> RSAKeyHandle {
        let context = try KeyContextHandle.forRSA()
        defer { withExtendedLifetime(scratch) {} }
        var parameters = RSANumber.allCases.compactMap { number -> OSSL_PARAM? in
            guard let count = counts[number] else { return nil }
            reverse(number, count: count)
            return parameter(number, count: count)
        }
        parameters.append(OSSL_PARAM_construct_end())
        var key: OpaquePointer?
        let isMade =
            EVP_PKEY_fromdata_init(context.pointer) == 1
            && EVP_PKEY_fromdata(context.pointer, &key, selection, &parameters) == 1
        guard isMade, let key else { throw EngineError.draining(.operationFailed("loading an RSA key")) }
        return RSAKeyHandle(owning: key)
    }

    private func slot(_ number: RSANumber) -> UnsafeMutableRawBufferPointer {
        let index = RSANumber.allCases.firstIndex(of: number) ?? 0
        let start = index * Self.maximumByteCount
        return UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[start..<start + Self.maximumByteCount])
    }

    private func parameter(_ number: RSANumber, count: Int) -> OSSL_PARAM {
        let name = UnsafeRawPointer(number.name.utf8Start).assumingMemoryBound(to: CChar.self)
        return OSSL_PARAM_construct_BN(name, slot(number).bindMemory(to: UInt8.self).baseAddress, count)
    }

    /// OpenSSL's parameters have the machine's own order of bytes.
    private func reverse(_ number: RSANumber, count: Int) {
        #if _endian(little)
        var bytes = UnsafeMutableRawBufferPointer(rebasing: slot(number)[..<count])
        bytes.reverse()
        #endif
    }
}
