/// The two kinds of fleet: TDES keys in version B, AES-128 keys under an AES-256 key in version D.
///
/// The keys are the published test keys of samples/.
enum Family: String, CaseIterable {
    case tdes, aes

    var baseDerivationKey: [UInt8] {
        bytes(self == .tdes ? "0123456789ABCDEFFEDCBA9876543210" : "FEDCBA9876543210F1F1F1F1F1F1F1F1")
    }

    var protectionKey: [UInt8] {
        self == .tdes
            ? bytes("B8ED59E0A279A295E9F5ED7944FD06B9")
            : bytes("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6")
    }

    var ecb: String { self == .tdes ? "DES-EDE-ECB" : "AES-128-ECB" }
    var protectionCBC: String { self == .tdes ? "DES-EDE-CBC" : "AES-256-CBC" }
    var blockByteCount: Int { self == .tdes ? 8 : 16 }
    /// Two bytes of length and the longest key of the cipher, to a whole number of blocks.
    var payloadByteCount: Int { self == .tdes ? 32 : 48 }

    /// X9.24-3:2017, C.7.
    var variant: [UInt8] { bytes("C0C0C0C000000000C0C0C0C000000000") }

    /// Header and optional blocks with zeros for the serial number: KS (TDES), or IK and PB (AES).
    var header: [UInt8] {
        switch self {
        case .tdes: Array("B0120B1TX00N0100KS1800000000000000000000".utf8)
        case .aes: Array("D0176B1AX00N0200IK140000000000000000PB0C00000000".utf8)
        }
    }

    /// The serial number of the n-th device: its leading 8 bytes, the transaction counter zero.
    func serialNumber(_ device: Int) -> UInt64 {
        switch self {
        case .tdes: 0xFFFF_9876_5400_0000 + UInt64(device) << 5
        case .aes: 0x1234_5678_0000_0000 + UInt64(device)
        }
    }

    func derivationData(_ serialNumber: UInt64) -> [UInt8] {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: serialNumber >> UInt64(56 - 8 * $0)) }
        return self == .tdes ? number : [1, 1, 0x80, 1, 0, 2, 0, 0x80] + number
    }

    func writeSerialNumber(_ serialNumber: UInt64, into header: UnsafeMutablePointer<UInt8>) {
        for index in 0..<16 {
            header[20 + index] = hexadecimalDigit(
                UInt8(truncatingIfNeeded: serialNumber >> UInt64(60 - 4 * index)) & 15)
        }
    }

    /// X9.143:2021: the key that the protection key gives for encryption (usage 0) or authentication (1).
    func derivedKey(usage: UInt8) -> [UInt8] {
        let cmac = CMAC(protectionCBC, key: protectionKey)
        let algorithm: [UInt8] = self == .tdes ? [0, 0, 0, 0x80] : [0, 4, 1, 0]
        return (1...2).flatMap { (counter: UInt8) in
            var block = [UInt8](repeating: 0, count: 16)
            let data = [counter, 0, usage, 0] + algorithm
            cmac.restart()
            cmac.authenticate(data, count: data.count, into: &block)
            return block[..<blockByteCount]
        }
    }
}

private func bytes(_ text: String) -> [UInt8] {
    var rest = Substring(text)
    var result: [UInt8] = []
    while let byte = UInt8(rest.prefix(2), radix: 16) {
        result.append(byte)
        rest = rest.dropFirst(2)
    }
    return result
}
