/// A base derivation key, a serial number and the initial key that comes of them.
struct DerivationAnswer {
    let algorithm: KeyAlgorithm
    let bdk: StaticString
    let serialNumber: String
    let initialKey: StaticString

    /// X9.24-1:2009 A.4; X9.24-3:2017 Annex B (128, 256); computed with two implementations (192).
    static let all = [
        DerivationAnswer(
            algorithm: .tdes2Key, bdk: "0123456789ABCDEFFEDCBA9876543210", serialNumber: "FFFF9876543210E00008",
            initialKey: "6AC292FAA1315B4D858AB3A3D7D5933A"),
        DerivationAnswer(
            algorithm: .aes128, bdk: "FEDCBA9876543210F1F1F1F1F1F1F1F1", serialNumber: "123456789012345600000001",
            initialKey: "1273671EA26AC29AFA4D1084127652A1"),
        DerivationAnswer(
            algorithm: .aes192, bdk: "D34599FC30A02522F2C75744EECD3FD12E167DD8DD168EB7",
            serialNumber: "69B1B6DC1F119AA3", initialKey: "2B66338B06DD305163D0A9EC994C38F04451AAFFE1B3FA6C"),
        DerivationAnswer(
            algorithm: .aes256, bdk: "FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1",
            serialNumber: "1234567890123456",
            initialKey: "CE9CE0C101D1138F97FB6CAD4DF045A7083D4EAE2D35A31789D01CCF0949550F"),
    ]

    var holds: Bool {
        guard let key = SymmetricKey(testKey: bdk, algorithm),
            let expected = SymmetricKey(testKey: initialKey, algorithm),
            let number = try? KeySerialNumber(serialNumber, family: DUKPTFamily(algorithm)),
            let bdk = try? BaseDerivationKey(key),
            let derived = try? BaseKeySource(bdk).initialKey(for: number.initial)
        else { return false }
        return derived.isEqual(to: expected)
    }
}
