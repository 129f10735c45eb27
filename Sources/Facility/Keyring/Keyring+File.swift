extension Keyring {
    static let fileName = "keyring.json"

    /// `keyring.json`, member by member.
    ///
    /// What there is none of is missing, so that files of earlier versions are read as they are.
    struct Document: Codable {
        /// With public keys in it a file has another schema: a version that knows none of them would lose them.
        static let schemas = 1...2

        var schema = Document.schemas.lowerBound
        var keys: [KeyringEntry.Member]
        var waiting: [WaitingKey.Member]?
        var rsaKeys: [RSAKeyEntry.Member]?
        var anchors: [TrustAnchor.Member]?
        var authorities: [SiteAuthority.Member]?
        var accepted: TokenMemory.Member?

        enum CodingKeys: String, CodingKey {
            case schema, keys, waiting, anchors, authorities, accepted
            case rsaKeys = "rsa_keys"
        }

        var hasPublicKeys: Bool { rsaKeys != nil || anchors != nil || authorities != nil || accepted != nil }
    }

    var document: Document {
        var document = Document(keys: entries.map(\.member))
        document.waiting = waiting.isEmpty ? nil : waiting.map(\.member)
        document.rsaKeys = rsaKeys.isEmpty ? nil : rsaKeys.map(\.member)
        document.anchors = anchors.isEmpty ? nil : anchors.map(\.member)
        document.authorities = authorities.isEmpty ? nil : authorities.map(\.member)
        document.accepted = tokenMemory.member
        if document.hasPublicKeys { document.schema = Document.schemas.upperBound }
        return document
    }

    /// Nil where an entry is none that this tool writes, or two have the same name.
    init?(_ document: Document) {
        guard Document.schemas.contains(document.schema),
            document.schema == Document.schemas.upperBound || !document.hasPublicKeys,
            let entries = Self.all(document.keys, KeyringEntry.init),
            let waiting = Self.all(document.waiting, WaitingKey.init),
            let rsaKeys = Self.all(document.rsaKeys, RSAKeyEntry.init),
            let anchors = Self.all(document.anchors, TrustAnchor.init),
            let authorities = Self.all(document.authorities, SiteAuthority.init)
        else { return nil }
        self.init(entries: entries, waiting: waiting, rsaKeys: rsaKeys, anchors: anchors)
        self.authorities = authorities
        if let accepted = document.accepted {
            guard let memory = TokenMemory(accepted) else { return nil }
            tokenMemory = memory
        }
        let names = entries.map(\.name) + waiting.map(\.name) + rsaKeys.map(\.name) + anchors.map(\.name)
        guard Set(names).count == names.count else { return nil }
    }

    /// Nil where one of them is none that this tool writes.
    private static func all<Member, Value>(_ members: [Member]?, _ read: (Member) -> Value?) -> [Value]? {
        let values = (members ?? []).compactMap(read)
        return values.count == members?.count ?? 0 ? values : nil
    }
}
