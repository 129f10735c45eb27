import SwiftASN1

/// What tells a fresh token from a repeated one.
public enum TR34Freshness: Hashable, Sendable {
    /// One pass: when the sender signed.
    case signingTime(Moment)
    /// Two passes: the receiver's random number.
    case nonce(TR34Nonce)

    /// The signing time, if it is that.
    public var signingTime: Moment? {
        if case .signingTime(let time) = self { time } else { nil }
    }

    /// The signed attribute.
    var attribute: [UInt8] {
        switch self {
        case .signingTime(let time):
            SignedAttributes.attribute(DERIdentifier.signingTime) { time.serialize(into: &$0) }
        case .nonce(let nonce):
            SignedAttributes.attribute(DERIdentifier.randomNonce) { $0.primitive(.octetString, nonce.bytes) }
        }
    }
}
