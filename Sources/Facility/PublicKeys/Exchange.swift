public import PaymentCrypto

/// An exchange of keys with a partner: what a key pair was made for, and how long it lives.
///
/// The name of the key pair is the token by which the exchange is known; it finds the key and is no secret.
public struct Exchange: Sendable, Equatable {
    /// Whose keys move.
    public enum Direction: String, Codable, CaseIterable, Sendable {
        /// Keys of this site leave; the key pair signs.
        case export
        /// Keys of a partner come in; the key pair receives.
        case `import`

        /// What the token's name begins with.
        public var prefix: String { "\(rawValue)-token-" }
        /// What the key pair is for.
        public var usage: RSAKeyUsage { self == .export ? .sign : .keyTransport }
    }

    /// In what form the keys move.
    public enum Material: String, Codable, CaseIterable, Sendable, CustomStringConvertible {
        /// TR-34 tokens.
        case tr34
        /// RSA-OAEP cryptograms, which nobody signs.
        case cryptogram

        /// As the command line says it.
        public var description: String { rawValue }
        /// As AWS Payment Cryptography says it.
        public var reportName: String { self == .tr34 ? "TR34_KEY_BLOCK" : "KEY_CRYPTOGRAM" }
    }

    /// Whose keys move.
    public let direction: Direction
    /// In what form.
    public let material: Material
    /// When the key pair is of no use any more.
    public let expires: Moment
    /// The random number that the partner's tokens bring back, in hexadecimal; of TR-34 imports only.
    public let nonce: String?

    /// What an exchange is.
    public init(direction: Direction, material: Material, expires: Moment, nonce: String? = nil) {
        self.direction = direction
        self.material = material
        self.expires = expires
        self.nonce = nonce
    }

    /// Whether it is over.
    public func isOver(at now: Moment) -> Bool { now >= expires }

    func checkIsOpen(_ token: KeyName, at now: Moment) throws(FacilityError) {
        guard !isOver(at: now) else { throw .exchangeExpired(token, expires) }
    }
}

extension Exchange {
    /// An exchange as text, member by member.
    struct Member: Codable, Sendable {
        var direction: Direction
        var material: Material
        var expires: String
        var nonce: String?
    }

    var member: Member {
        Member(direction: direction, material: material, expires: expires.description, nonce: nonce)
    }

    /// Nil where the members are none that this tool writes.
    init?(_ member: Member) {
        guard let expires = Moment(member.expires), member.nonce.map({ Hexadecimal.bytes($0) != nil }) ?? true else {
            return nil
        }
        self.init(direction: member.direction, material: member.material, expires: expires, nonce: member.nonce)
    }
}

extension Keyring {
    /// The keys of exchanges, open or over, in the order of their names.
    public var exchanges: [RSAKeyEntry] { rsaKeys.filter { $0.exchange != nil } }

    /// The key of an exchange that a token names; refused when it is over, or was begun for something else.
    public func exchange(
        _ token: KeyName, _ direction: Exchange.Direction, _ material: Exchange.Material, at now: Moment = .now
    ) throws(FacilityError) -> RSAKeyEntry {
        let (entry, exchange) = try exchange(token)
        guard exchange.direction == direction, exchange.material == material else {
            throw .exchangeKind(
                token, expected: "\(direction.rawValue) of \(material)",
                found: "\(exchange.direction.rawValue) of \(exchange.material)")
        }
        try entry.check(direction.usage, at: now)
        return entry
    }

    /// The key of an exchange, whatever became of it.
    public func exchange(_ token: KeyName) throws(FacilityError) -> (key: RSAKeyEntry, exchange: Exchange) {
        guard let entry = rsaKeys.first(where: { $0.name == token }), let exchange = entry.exchange else {
            throw .exchangeMissing(token)
        }
        return (entry, exchange)
    }
}
