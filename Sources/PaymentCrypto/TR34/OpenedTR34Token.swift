/// A token that was opened: its sender made it for this receiver, and the key is there.
public struct OpenedTR34Token: ~Copyable, Sendable {
    /// What the sender says about the key.
    public let header: KeyBlockHeader
    /// The nonce, or the signing time where there is none.
    public let freshness: TR34Freshness
    /// The signing time, which a token may have beside a nonce.
    public let signingTime: Moment?
    /// The wire form.
    public let profile: TR34Profile
    /// What is not as it should be, and was let pass.
    public let deviations: [TR34Deviation]
    private let key: SymmetricKey

    init(_ token: UnverifiedTR34Token, _ opened: consuming TR34KeyBlock.Opened, bitCount: Int) {
        header = token.header
        freshness = token.freshness
        signingTime = token.signingTime
        profile = token.profile
        let form = opened.form
        let key = opened.takeKey()
        deviations =
            token.deviations + (form == .annexD ? [.annexD] : [])
            + Self.weakness(key.effectiveAlgorithm, bitCount: bitCount, cipher: token.contentCipher)
        self.key = key
    }

    /// The algorithm of the key.
    public var keyAlgorithm: KeyAlgorithm { key.algorithm }

    /// The key itself.
    public consuming func takeKey() -> SymmetricKey { key }

    /// What arrives under a weaker key has been as weak as that key all along: taken, and said.
    private static func weakness(
        _ wrapped: KeyAlgorithm, bitCount: Int, cipher: TR34ContentCipher
    ) -> [TR34Deviation] {
        let recipient =
            KeyStrength.permits(wrapping: wrapped, underRSA: bitCount)
            ? [] : [TR34Deviation.weakerRecipientKey(wrapped: wrapped, bitCount: bitCount)]
        let content =
            KeyStrength.permits(wrapping: wrapped, under: cipher.algorithm)
            ? [] : [TR34Deviation.weakerContentKey(wrapped: wrapped, under: cipher.algorithm)]
        return recipient + content
    }
}
