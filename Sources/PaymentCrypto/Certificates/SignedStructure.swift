// What certificates, revocation lists and requests have in common:
// SIGNED{X} ::= SEQUENCE { X, AlgorithmIdentifier, BIT STRING }; see RFC 5280, 4.1.1.
enum SignedStructure {
    /// AlgorithmIdentifier ::= SEQUENCE { sha256WithRSAEncryption, NULL }; see RFC 4055, 5.
    static let algorithm: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00,
    ]

    /// The contents with their signature.
    static func make(
        _ contents: [UInt8], sign: ([UInt8]) throws(EngineError) -> [UInt8]
    ) throws(EngineError) -> [UInt8] {
        DEREncoding.sequence(contents, algorithm, DEREncoding.bitString(try sign(contents)))
    }

    /// UTCTime up to 2049, GeneralizedTime from then on; see RFC 5280, 4.1.2.5.
    static func time(_ moment: Moment) throws(EngineError) -> [UInt8] {
        guard let calendar = moment.calendar else { throw EngineError(.operationFailed("writing the time \(moment)")) }
        let text = Array(calendar.wholeSecondText.utf8)
        return (1950...2049).contains(calendar.year)
            ? DEREncoding.element(DERTag.utcTime, Array(text.dropFirst(2)))
            : DEREncoding.element(DERTag.generalizedTime, text)
    }
}
