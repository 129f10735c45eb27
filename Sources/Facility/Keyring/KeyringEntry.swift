public import PaymentCrypto

/// One key of the keyring: what anybody may know of it, and the key itself under the master key or where it is.
public struct KeyringEntry: Sendable {
    /// Its name.
    public let name: KeyName
    /// The cipher and key length.
    public let algorithm: KeyAlgorithm
    /// What counts for roles and strength: a three-key TDES key with K1 = K3 is a two-key one.
    public let effectiveAlgorithm: KeyAlgorithm
    /// The check value by the algorithm's own method, at full length, in hexadecimal.
    public let checkValue: String
    /// Where it came from, in words.
    public let origin: String
    /// When it came in, UTC.
    public let created: String
    /// What the key may do, as its key block says.
    public let header: KeyBlockHeader
    /// By what the ledger will know it; base derivation keys only.
    public let fingerprint: KeyFingerprint?
    /// In the keyring or in a token.
    public let place: KeyPlace
    /// Who brought which component; empty for a key that came by another way.
    public internal(set) var custody: [CustodyRecord] = []
    /// What changes while the key does not.
    public internal(set) var annotations = KeyAnnotations()
    /// The key under the master key; nil for one that is in a token.
    let keyBlock: String?

    /// Refuses a role that the key's header does not permit, and every role of a key that is retired.
    public func check(_ role: KeyRole) throws(KeyRoleError) {
        if let retirement = annotations.retirement { throw .retired(name, retirement) }
        try role.check(header, effective: effectiveAlgorithm, named: name)
    }
}

extension KeyringEntry {
    /// An entry as text, member by member.
    struct Member: Codable, Sendable {
        var name: String
        var usage: String
        var algorithm: String
        var effectiveAlgorithm: String?
        var kcv: String
        var origin: String
        var created: String
        var fingerprint: String?
        var keyBlock: String?
        var header: HeaderMember?
        var token: TokenLocation?
        var tags: [String: String]?
        var retired: Retirement?
        var components: [CustodyRecord]?

        enum CodingKeys: String, CodingKey {
            case name, usage, algorithm, kcv, origin, created, fingerprint, header, token, tags, retired, components
            case effectiveAlgorithm = "effective_algorithm"
            case keyBlock = "key_block"
        }
    }

    /// The entry as it is written.
    var member: Member {
        Member(
            name: name.description, usage: header.keyUsage.description, algorithm: algorithm.rawValue,
            effectiveAlgorithm: effectiveAlgorithm == algorithm ? nil : effectiveAlgorithm.rawValue, kcv: checkValue,
            origin: origin, created: created, fingerprint: fingerprint?.description, keyBlock: keyBlock,
            header: place == .keyring ? nil : HeaderMember(header), token: location,
            tags: annotations.tags.isEmpty ? nil : annotations.tags, retired: annotations.retirement,
            components: custody.isEmpty ? nil : custody)
    }

    private var location: TokenLocation? {
        guard case .token(let location) = place else { return nil }
        return location
    }

    /// Nil where the members are none that this tool writes, or do not agree with the key block's header.
    init?(_ member: Member) {
        guard let name = KeyName(member.name), let algorithm = KeyAlgorithm(rawValue: member.algorithm),
            let effective = KeyAlgorithm(rawValue: member.effectiveAlgorithm ?? member.algorithm),
            let (header, place) = Self.headerAndPlace(member, algorithm),
            header.keyUsage.description == member.usage, header.algorithm == KeyBlockAlgorithm(algorithm)
        else { return nil }
        let fingerprint = member.fingerprint.flatMap { KeyFingerprint($0) }
        guard (fingerprint == nil) == (member.fingerprint == nil) else { return nil }
        self.init(
            name: name, algorithm: algorithm, effectiveAlgorithm: effective, checkValue: member.kcv,
            origin: member.origin, created: member.created, header: header, fingerprint: fingerprint, place: place,
            keyBlock: member.keyBlock)
        custody = member.components ?? []
        annotations.tags = member.tags ?? [:]
        annotations.retirement = member.retired
    }

    /// A key in the keyring has its header in its key block; of one in a token it is written beside.
    private static func headerAndPlace(
        _ member: Member, _ algorithm: KeyAlgorithm
    ) -> (KeyBlockHeader, KeyPlace)? {
        switch (member.keyBlock, member.token) {
        case (let text?, nil): (try? UnverifiedKeyBlock(text)).map { ($0.header, .keyring) }
        case (nil, let location?):
            member.header?.header(usage: member.usage, algorithm: algorithm).map { ($0, .token(location)) }
        default: nil
        }
    }
}
