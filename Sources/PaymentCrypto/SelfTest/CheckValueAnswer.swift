/// A key and its check value.
struct CheckValueAnswer {
    let algorithm: KeyAlgorithm
    let key: StaticString
    let method: CheckValueMethod
    let checkValue: String

    /// The keys of ``DerivationAnswer``; values computed with two implementations.
    static let all = [
        CheckValueAnswer(
            algorithm: .tdes2Key, key: "6AC292FAA1315B4D858AB3A3D7D5933A", method: .legacy, checkValue: "AF8C07"),
        CheckValueAnswer(
            algorithm: .tdes2Key, key: "6AC292FAA1315B4D858AB3A3D7D5933A", method: .cmac, checkValue: "26A9356B55"),
        CheckValueAnswer(
            algorithm: .aes128, key: "1273671EA26AC29AFA4D1084127652A1", method: .cmac, checkValue: "05EF4531EC"),
        CheckValueAnswer(
            algorithm: .aes192, key: "2B66338B06DD305163D0A9EC994C38F04451AAFFE1B3FA6C", method: .cmac,
            checkValue: "BA4A421C8E"),
    ]

    var holds: Bool {
        guard let key = SymmetricKey(testKey: key, algorithm), let found = try? key.checkValue(method) else {
            return false
        }
        return found.description == checkValue
    }
}
