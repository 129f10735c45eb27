import PaymentCrypto

/// A setting in `site.json` that is none, or has no value of its type.
struct SettingFault: Error, CustomStringConvertible {
    let name: String
    let expectation: String?

    /// Lower case, without a full stop.
    var description: String {
        guard let expectation else { return "there is no setting '\(name)'" }
        return "setting \(name): expected \(expectation), found something else"
    }
}

/// In `site.json` the settings have types of their own: truth values, lists and texts.
extension SiteSettings: Codable {
    private struct Member: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }

        init(_ key: Key) { stringValue = key.rawValue }
    }

    private struct Reader {
        let container: KeyedDecodingContainer<Member>

        /// What is missing, as in an older file, stays as in a new site.
        func read<Text: Decodable, Value>(
            _ key: Key, into setting: inout Value, as type: Text.Type, _ parse: (Text) -> Value?
        ) throws {
            guard container.contains(Member(key)) else { return }
            guard let text = try? container.decode(type, forKey: Member(key)), let value = parse(text) else {
                throw SettingFault(name: key.rawValue, expectation: key.expectation)
            }
            setting = value
        }
    }

    /// Refuses what is unknown: a newer version may have set a rule that this one would not keep.
    public init(from decoder: any Decoder) throws {
        self.init()
        let reader = Reader(container: try decoder.container(keyedBy: Member.self))
        for member in reader.container.allKeys where Key(rawValue: member.stringValue) == nil {
            throw SettingFault(name: member.stringValue, expectation: nil)
        }
        try reader.read(.allowSoftwareKeys, into: &allowSoftwareKeys, as: Bool.self) { $0 }
        try reader.read(.operators, into: &operators, as: [String]?.self) { words in
            words.map { Self.operators($0).map { .some($0) } } ?? .some(nil)
        }
        try reader.read(.twoOperators, into: &twoOperators, as: Bool.self) { $0 }
        try reader.read(.minimumTDES, into: &minimumTDES, as: String.self) { Self.size($0, Self.sizesTDES) }
        try reader.read(.minimumAES, into: &minimumAES, as: String.self) { Self.size($0, Self.sizesAES) }
        try reader.read(.minimumRSA, into: &minimumRSA, as: String.self) { RSAKeySize(rawValue: $0) }
        try reader.read(.transports, into: &transports, as: [String].self, Self.transports)
        try reader.read(.defaultProfile, into: &defaultProfile, as: String?.self) { name in
            name.map { KeyName($0).map { .some($0) } } ?? .some(nil)
        }
    }

    /// Writes every setting, also those that nobody has changed.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(allowSoftwareKeys, forKey: Member(.allowSoftwareKeys))
        try container.encode(operators.map { $0.map(\.description) }, forKey: Member(.operators))
        try container.encode(twoOperators, forKey: Member(.twoOperators))
        try container.encode(minimumTDES.rawValue, forKey: Member(.minimumTDES))
        try container.encode(minimumAES.rawValue, forKey: Member(.minimumAES))
        try container.encode(minimumRSA, forKey: Member(.minimumRSA))
        try container.encode(transports, forKey: Member(.transports))
        try container.encode(defaultProfile?.description, forKey: Member(.defaultProfile))
    }
}
