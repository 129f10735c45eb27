/// A key block with the random bytes that went into it.
struct KeyBlockAnswer {
    let version: KeyBlockVersion
    let wrappingAlgorithm: KeyAlgorithm
    let wrappingKey: StaticString
    let algorithm: KeyAlgorithm
    let key: StaticString
    let header: String
    let padding: String
    let keyBlock: String

    /// Computed for this project with two implementations; tr31-pub-049, -059 and -063 of the vector files.
    static let all = [
        KeyBlockAnswer(
            version: .b, wrappingAlgorithm: .tdes2Key, wrappingKey: "69D116A05ADD9043A3A9C22780FD8FBF",
            algorithm: .tdes2Key, key: "5E9D311DCB186964C212B120C8835C26",
            header: "B0120B1TX00N0100KS18D592D1FAC02850E00000", padding: "C938CD290220B04838E5DD4D67A0",
            keyBlock: "B0120B1TX00N0100KS18D592D1FAC02850E00000"
                + "00CAB41CD0DE9097B4D05126C990D8C9CEACE89DCF2AF7004849601FB4FCAA0BDC16A1B2A33F4185"),
        KeyBlockAnswer(
            version: .d, wrappingAlgorithm: .aes128, wrappingKey: "ACFDF168D762BF7EA72C9AEDD427B4F7",
            algorithm: .tdes2Key, key: "2364CB7C00BF80D75B95F7EBF73AF707",
            header: "D0144B1TX00N0200KS18B6298930489979A00000PB08qM2G", padding: "9B3741D3A2FFD88322D571CADF6E",
            keyBlock: "D0144B1TX00N0200KS18B6298930489979A00000PB08qM2G"
                + "0E51C8B397D5F0FAF83B36E71D2AA4AA5C63D9719E4BEB27C7801112E7237323059B7C4BDEB00FD6CE13F996131E923E"),
        KeyBlockAnswer(
            version: .e, wrappingAlgorithm: .aes128, wrappingKey: "469662579A8CE8D929F4BD2C392FD189",
            algorithm: .aes128, key: "3DDDFF2A06B76A98B751F03DF63DF5F1",
            header: "E0116B1AX00N0200IK14F497695D93D935B8PB0CFRFtwcVp", padding: "",
            keyBlock: "E0116B1AX00N0200IK14F497695D93D935B8PB0CFRFtwcVp"
                + "8123F5540BE0CD70C44B0FD1F84B8505AA4ED8EEAAE030AC252DED1FF43511B02969"),
    ]

    var isMade: Bool {
        guard let wrapping = SymmetricKey(testKey: wrappingKey, wrappingAlgorithm),
            let key = SymmetricKey(testKey: key, algorithm), let padding = Hexadecimal.bytes(padding),
            let ciphers = try? KeyBlockCiphers(wrapping, version: version, engine: OpenSSLEngine())
        else { return false }
        let keys = KeyColumn(algorithm: algorithm, capacity: 1)
        keys.append(key)
        let payload = KeyBlockPayload(algorithm, version: version, lengthObfuscation: !padding.isEmpty)
        let made = try? KeyBlock.complete(
            Array(header.utf8), keys: keys, ciphers: ciphers, payload: payload, random: FixedPadding(padding))
        return made == keyBlock
    }

    var isOpened: Bool {
        guard let wrapping = SymmetricKey(testKey: wrappingKey, wrappingAlgorithm),
            let expected = SymmetricKey(testKey: key, algorithm),
            let opened = try? KeyBlock.open(keyBlock, under: wrapping), let found = try? opened.takeKey()
        else { return false }
        return found.isEqual(to: expected)
    }

    var isRefused: Bool {
        guard let wrapping = SymmetricKey(testKey: wrappingKey, wrappingAlgorithm) else { return false }
        let altered = String(keyBlock.dropLast()) + (keyBlock.hasSuffix("0") ? "1" : "0")
        do {
            _ = try KeyBlock.open(altered, under: wrapping)
            return false
        } catch {
            return error == .wrongKeyOrAltered
        }
    }
}

/// Gives known bytes as the end of whatever is asked for, so that they end up behind the key.
final class FixedPadding: RandomSource {
    private let padding: [UInt8]

    init(_ padding: [UInt8]) {
        self.padding = padding
    }

    func fill(_ bytes: UnsafeMutableRawBufferPointer) throws(EngineError) {
        guard padding.count <= bytes.count else { throw EngineError(.randomnessUnavailable) }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        UnsafeMutableRawBufferPointer(rebasing: bytes[(bytes.count - padding.count)...]).copyBytes(from: padding)
    }
}
