public import PaymentCrypto

/// What is remembered of a TR-34 token that came in, so that it comes in once.
public struct TokenAcceptance: Sendable {
    /// SHA-256 of what is signed in the token, since nothing else of it is sure to stay.
    public var digest: SHA256Digest
    /// The random number that it brought back, in hexadecimal; nil for one-pass tokens.
    public var nonce: String?
    /// SHA-256 of the sender's public key, which stays when its certificate is renewed.
    public var sender: SHA256Digest
    /// When it was signed; nil for two-pass tokens.
    public var signingTime: Moment?

    /// A token that is about to be accepted.
    public init(digest: SHA256Digest, nonce: String?, sender: SHA256Digest, signingTime: Moment?) {
        self.digest = digest
        self.nonce = nonce?.uppercased()
        self.sender = sender
        self.signingTime = signingTime
    }
}

/// Every token that the site has accepted.
struct TokenMemory: Sendable {
    private var digests: Set<SHA256Digest> = []
    private var nonces: Set<String> = []
    /// By sender, the latest signing time.
    private var signingTimes: [SHA256Digest: Moment] = [:]

    /// How far a sender's clock may be ahead of this machine's.
    static let clockTolerance = 15 * 60

    init() {}

    /// Refuses what was seen before, and remembers the rest.
    mutating func accept(_ token: TokenAcceptance, at now: Moment) throws(ReplayError) {
        guard !digests.contains(token.digest) else { throw .token }
        if let nonce = token.nonce, nonces.contains(nonce) { throw .nonce }
        if let time = token.signingTime {
            guard time.secondsSince1970 <= now.secondsSince1970 + Self.clockTolerance else {
                throw .signedInFuture(time)
            }
            // Two tokens of one second are both fresh: the digest tells them apart.
            if let last = signingTimes[token.sender], time < last { throw .notLater(last: last, found: time) }
            signingTimes[token.sender] = time
        }
        digests.insert(token.digest)
        if let nonce = token.nonce { nonces.insert(nonce) }
    }
}

/// A TR-34 token that comes a second time, or could be an old one.
public enum ReplayError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The same token was accepted before.
    case token
    /// A token with the same random number was accepted before.
    case nonce
    /// A later one of the same sender was accepted before.
    case notLater(last: Moment, found: Moment)
    /// It is signed at a time that is yet to come.
    case signedInFuture(Moment)

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .token: "this TR-34 token was accepted before"
        case .nonce: "a TR-34 token with this random number was accepted before"
        case .notLater(let last, let found):
            "expected a TR-34 token signed at \(last) or later, as the last one of this sender was, found \(found)"
        case .signedInFuture(let time): "the TR-34 token is signed at \(time), which is yet to come"
        }
    }
}

extension Keyring {
    /// Refuses a TR-34 token that was seen before, and remembers it otherwise.
    mutating func accept(_ token: TokenAcceptance) throws(FacilityError) {
        do throws(ReplayError) { try tokenMemory.accept(token, at: .now) } catch { throw .replay(error) }
    }
}

extension TokenMemory {
    /// The memory as text, member by member; each part in an order of its own.
    struct Member: Codable, Sendable {
        var tokens: [String]
        var nonces: [String]?
        var signingTimes: [String: String]?

        enum CodingKeys: String, CodingKey {
            case tokens, nonces
            case signingTimes = "signing_times"
        }
    }

    /// Nil where nothing was accepted yet.
    var member: Member? {
        guard !digests.isEmpty else { return nil }
        let times = signingTimes.map { ($0.key.description, $0.value.description) }
        return Member(
            tokens: digests.map(\.description).sorted(), nonces: nonces.isEmpty ? nil : nonces.sorted(),
            signingTimes: times.isEmpty ? nil : Dictionary(times) { first, _ in first })
    }

    /// Nil where the members are none that this tool writes.
    init?(_ member: Member) {
        digests = Set(member.tokens.compactMap { SHA256Digest($0) })
        nonces = Set(member.nonces ?? [])
        for (sender, text) in member.signingTimes ?? [:] {
            guard let sender = SHA256Digest(sender), let time = Moment(text) else { return nil }
            signingTimes[sender] = time
        }
        guard digests.count == member.tokens.count else { return nil }
    }
}
