import PaymentCrypto

extension RSAKeyEntry {
    /// An entry as text, member by member.
    struct Member: Codable, Sendable {
        var name: String
        var usage: String
        var algorithm: String
        var publicKey: String
        var origin: String
        var created: String
        var keyBlock: String?
        var token: String?
        var certificates: [String]?
        var ownAuthority: Bool?
        var exchange: Exchange.Member?
        var tags: [String: String]?
        var retired: Retirement?

        enum CodingKeys: String, CodingKey {
            case name, usage, algorithm, origin, created, token, certificates, exchange, tags, retired
            case publicKey = "public_key"
            case keyBlock = "key_block"
            case ownAuthority = "own_authority"
        }
    }

    /// The entry as it is written.
    var member: Member {
        var member = Member(
            name: name.description, usage: usage.rawValue, algorithm: size.rawValue,
            publicKey: Base64.text(publicKey.subjectPublicKeyInfo), origin: origin, created: created)
        member.keyBlock = keyBlock
        if case .token(let uri) = place { member.token = uri }
        member.certificates = chain.isEmpty ? nil : chain.map { Base64.text($0.der) }
        member.ownAuthority = isIssuedByOwnAuthority ? true : nil
        member.exchange = exchange?.member
        member.tags = annotations.tags.isEmpty ? nil : annotations.tags
        member.retired = annotations.retirement
        return member
    }

    /// Nil where the members are none that this tool writes, or do not agree with each other.
    init?(_ member: Member) {
        guard let name = KeyName(member.name), let size = RSAKeySize(rawValue: member.algorithm),
            let usage = RSAKeyUsage(rawValue: member.usage), let place = Self.place(member, usage.header),
            let publicKey = Base64.bytes(member.publicKey).flatMap({ try? RSAPublicKey(subjectPublicKeyInfo: $0) }),
            publicKey.bitCount == size.bitCount
        else { return nil }
        self.init(
            name: name, size: size, usage: usage, publicKey: publicKey, origin: member.origin,
            created: member.created, place: place, keyBlock: member.keyBlock)
        let certificates = member.certificates ?? []
        chain = certificates.compactMap { Certificate(base64: $0) }
        isIssuedByOwnAuthority = member.ownAuthority ?? false
        exchange = member.exchange.flatMap { Exchange($0) }
        guard chain.count == certificates.count, (exchange == nil) == (member.exchange == nil) else { return nil }
        annotations.tags = member.tags ?? [:]
        annotations.retirement = member.retired
    }

    /// A key block with another header than the usage's would be another kind of key.
    private static func place(_ member: Member, _ header: KeyBlockHeader) -> RSAKeyPlace? {
        switch (member.keyBlock, member.token) {
        case (let text?, nil): (try? UnverifiedKeyBlock(text))?.header == header ? .keyring : nil
        case (nil, let uri?): .token(uri)
        case (nil, nil): member.exchange == nil ? nil : .removed
        default: nil
        }
    }
}
