import PaymentCrypto

/// The check value that a JSON document gives with its key, as AWS writes it.
struct StatedCheckValue {
    private let expected: ExpectedCheckValue
    /// Nil where the document does not say: the key's own.
    private let method: CheckValueMethod?

    /// Nil for what is no check value, or is made in a way that this tool does not know.
    init?(_ text: String, algorithm: String?) {
        guard let expected = ExpectedCheckValue(text) else { return nil }
        let method = CheckValueMethod.allCases.first { $0.reportName == algorithm }
        guard algorithm == nil || method != nil else { return nil }
        (self.expected, self.method) = (expected, method)
    }

    /// Refuses a key that has another one.
    func check(_ key: borrowing SymmetricKey) throws {
        guard let method else { return try expected.check(key) }
        try expected.check(try key.checkValue(method), other: nil)
    }
}
