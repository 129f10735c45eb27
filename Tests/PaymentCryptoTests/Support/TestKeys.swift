@testable import PaymentCrypto

extension SymmetricKey {
    /// A test key from hexadecimal; nil where no algorithm has so many bytes.
    init?(_ text: String, isTDES: Bool) {
        guard let bytes = Hexadecimal.bytes(text), let algorithm = KeyAlgorithm(isTDES: isTDES, byteCount: bytes.count)
        else { return nil }
        self.init(algorithm: algorithm) { $0.copyBytes(from: bytes) }
    }
}

extension SecretBytes {
    /// Test bytes as a secret.
    static func test(_ bytes: [UInt8]) -> SecretBytes {
        SecretBytes(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// The bytes of a test key, to be compared with a known answer.
    borrowing func hexadecimal() -> String {
        withExposedBytes { Hexadecimal.text($0) }
    }
}

/// A generator with a fixed seed, so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
