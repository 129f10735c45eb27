import Facility
import PaymentCrypto

/// A key of the keyring as it is shown: everything but the key.
struct KeyReport: Encodable {
    let name: String
    let usage: String
    let algorithm: String
    let modeOfUse: String
    let exportability: String
    let keyVersion: String
    let optionalBlocks: [Block]
    let kcv: String
    let kcvAlgorithm: String
    let origin: String
    let created: String
    let fingerprint: String?
    let tags: [String: String]?
    let retired: Retirement?
    let token: TokenLocation?
    private let meaning: String?
    /// Who brought which component; told by `key show` alone, since a custodian learns no other one's check value.
    private(set) var components: [CustodyRecord]?
    /// What there was to say about the key on its way in; missing where that is nothing.
    var diagnostics: [Message]?

    struct Block: Encodable {
        let id: String
        let data: String
    }

    enum CodingKeys: String, CodingKey {
        case name, usage, algorithm, exportability, kcv, origin, created, fingerprint, tags, retired, token,
            components, diagnostics
        case modeOfUse = "mode_of_use"
        case keyVersion = "key_version"
        case optionalBlocks = "optional_blocks"
        case kcvAlgorithm = "kcv_algorithm"
    }

    init(_ entry: KeyringEntry) {
        let header = entry.header
        name = entry.name.description
        usage = header.keyUsage.description
        meaning = header.keyUsage.meaning
        algorithm = entry.algorithm.rawValue
        modeOfUse = header.modeOfUse.description
        exportability = header.exportability.description
        keyVersion = header.keyVersion.description
        optionalBlocks = header.optionalBlocks.map { Block(id: $0.id.description, data: $0.data) }
        kcv = entry.checkValue
        kcvAlgorithm = CheckValueMethod.standard(for: entry.algorithm).reportName
        origin = entry.origin
        created = entry.created
        fingerprint = entry.fingerprint?.description
        tags = entry.annotations.tags.isEmpty ? nil : entry.annotations.tags
        retired = entry.annotations.retirement
        if case .token(let location) = entry.place { token = location } else { token = nil }
    }

    /// The same with the custody record.
    static func full(_ entry: KeyringEntry) -> KeyReport {
        var report = KeyReport(entry)
        report.components = entry.custody.isEmpty ? nil : entry.custody
        return report
    }

    var text: String {
        Columns.facts(
            [
                ("name", name), ("usage", meaning.map { "\(usage) (\($0))" } ?? usage), ("algorithm", algorithm),
                ("mode of use", modeOfUse), ("exportability", exportability), ("key version", keyVersion),
                ("KCV", "\(kcv) (\(kcvAlgorithm))"), ("origin", origin), ("created", created),
            ] + optionalBlocks.map { ("optional block", "\($0.id)=\($0.data)") }
                + (token.map { $0.facts(isWrapping: isWrapping) } ?? [])
                + (fingerprint.map { [("fingerprint", $0)] } ?? [])
                + (components ?? []).map { ("component \($0.number)", $0.words) }
                + sortedTags.map { ("tag", $0) }
                + (retired.map { [("retired", "\($0.date): \($0.reason)")] } ?? []))
    }

    /// The cells of a row under `KeyListCommand.heading`.
    var listRow: [String] {
        [
            name, usage, algorithm, modeOfUse, exportability, kcv, created, origin,
            retired == nil ? "in use" : "retired",
            sortedTags.joined(separator: " "),
        ]
    }

    private var isWrapping: Bool { usage == "K0" || usage == "K1" }

    private var sortedTags: [String] { (tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }
}

extension TokenLocation {
    /// Where the key is, and of what is derived from it what is in memory while it is used.
    fileprivate func facts(isWrapping: Bool) -> [(name: String, value: String)] {
        var facts = [(name: "in token", value: uri)]
        if let variant { facts.append(("variant", variant)) }
        if let encryption, let authentication {
            facts += [("encryption key", encryption), ("MAC key", authentication)]
        } else if isWrapping {
            facts.append(("derived keys", "in this process's memory while it is used, not the key itself"))
        }
        return facts
    }
}

extension CustodyRecord {
    /// Who brought it, in what, and when.
    fileprivate var words: String {
        let bringer = custodian.map { "from \($0), " } ?? ""
        let container = bag.map { "bag \($0), " } ?? ""
        return "KCV \(checkValue), \(bringer)\(container)\(date)"
    }
}
