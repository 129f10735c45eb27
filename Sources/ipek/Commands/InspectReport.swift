import PaymentCrypto

/// The clear parts of a key block, as text and as JSON.
struct InspectReport: Encodable {
    private let format = "TR31_KEY_BLOCK"
    private let header: [String: Field]
    private let optionalBlocks: [Block]
    private let payloadBytes: Int
    private let authenticator: String
    private let findings: [Finding]

    /// For people, in the order in which things stand in the block.
    let text: String

    struct Field: Encodable {
        let code: String
        let meaning: String
    }

    struct Block: Encodable {
        let id: String
        let title: String
        let data: String
        let meaning: String
    }

    struct Finding: Encodable {
        let severity: String
        let rule: String
        let clause: String
        let block: String?
        let message: String
    }

    enum CodingKeys: String, CodingKey {
        case format, header, authenticator, findings
        case optionalBlocks = "optional_blocks"
        case payloadBytes = "payload_bytes"
    }

    init(_ inspection: KeyBlockInspection) {
        header = Dictionary(
            inspection.header.map { ($0.name, Field(code: $0.code, meaning: $0.meaning)) }, uniquingKeysWith: { $1 })
        optionalBlocks = inspection.optionalBlocks.map {
            Block(id: $0.name, title: $0.title, data: $0.code, meaning: $0.meaning)
        }
        payloadBytes = inspection.payloadByteCount
        authenticator = inspection.authenticator
        findings = inspection.findings.map {
            Finding(
                severity: $0.severity.code, rule: $0.rule.rawValue, clause: $0.rule.clause,
                block: $0.block?.description, message: "\($0)")
        }
        text = Self.text(inspection)
    }

    private static func text(_ inspection: KeyBlockInspection) -> String {
        let header = inspection.header.map { [$0.title, $0.code, $0.meaning] }
        let blocks = inspection.optionalBlocks.map { ["optional block", $0.name, "\($0.title): \($0.meaning)"] }
        let rest = [
            ["encrypted key", "", "\(inspection.payloadByteCount) bytes with its length and padding"],
            ["authenticator", "", "\(inspection.authenticator), not verified"],
        ]
        let findings = inspection.findings.map { "\($0.severity.words): \($0)" }
        let table = Columns.table(header + blocks + rest)
        return findings.isEmpty ? table : table + "\n\n" + findings.joined(separator: "\n")
    }
}

extension KeyBlockDeviation.Severity {
    /// For scripts.
    fileprivate var code: String {
        switch self {
        case .note: "note"
        case .strictOnly: "strict"
        case .always: "always"
        }
    }

    /// What opening the block does about it.
    fileprivate var words: String {
        switch self {
        case .note: "note"
        case .strictOnly: "refused unless lenient"
        case .always: "refused"
        }
    }
}
