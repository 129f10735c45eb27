import PaymentCrypto

extension SecretLine {
    /// A line as somebody would type it.
    init(_ text: String) {
        self.init()
        for byte in text.utf8 { _ = append(byte) }
    }
}
