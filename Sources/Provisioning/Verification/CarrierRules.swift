import PaymentCrypto

/// What can be seen of a token or a cryptogram without the device's private key.
struct CarrierRules: Sendable {
    /// Whether it is a token; else a cryptogram.
    let isToken: Bool

    /// What is wrong with what a device has; nil where nothing is.
    func fault(_ device: VerificationChunk.Device, _ keys: RunKeys) throws -> String? {
        let text = device.material
        guard !text.contains(where: { $0 >= UInt8(ascii: "a") }),
            let bytes = Hexadecimal.bytes(String(decoding: text, as: UTF8.self))
        else { return "expected upper-case hexadecimal digits" }
        return isToken ? nil : cryptogramFault(bytes.count)
    }

    /// RSA with 2048, 3072 or 4096 bits.
    private func cryptogramFault(_ byteCount: Int) -> String? {
        RSAKeySize.allCases.contains { $0.bitCount == byteCount * 8 }
            ? nil : "expected a cryptogram of 256, 384 or 512 bytes, found \(byteCount)"
    }
}
