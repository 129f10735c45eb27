import FoundationEssentials
import PaymentCrypto

/// One line of the audit log: an event, its place in the chain, and a code over the bytes as they lie in the file.
struct AuditLine {
    let event: AuditEvent
    let sequence: Int
    let time: String
    let tool: String
    /// The SHA-256 of the line before.
    let previous: String
    /// The ledger as it was then; nil where nothing was ever issued.
    let ledger: LedgerHead?

    /// What the first line has in place of a digest.
    static let noPrevious = String(repeating: "0", count: 64)

    private static let codeLabel = Array(#","hmac":""#.utf8)
    private static let codeLength = 64
    private static let codeEnd = Array(#""}"#.utf8)

    /// The next line after `line`, which is nil for the first.
    init(
        _ event: AuditEvent, after line: (sequence: Int, head: AuditHead)?, ledger: LedgerHead? = nil
    ) {
        (self.event, self.ledger) = (event, ledger)
        sequence = (line?.sequence ?? 0) &+ 1
        time = Timestamp.now
        tool = ToolVersion.current
        previous = line?.head.description ?? Self.noPrevious
    }

    /// The line without its end.
    func encode(under key: borrowing AuthenticationKey) throws(FacilityError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(Members(self)), json.last == UInt8(ascii: "}") else {
            throw .internalFault("an audit event could not be written as JSON")
        }
        let content = Array(json.dropLast())
        let code = try Self.code(over: content, under: key)
        return content + Self.codeLabel + Array(code.description.utf8) + Self.codeEnd
    }

    /// Whether a line, without its end, was written under this key; nil where it has not the form of a line.
    static func isGenuine(
        _ line: ArraySlice<UInt8>, under key: borrowing AuthenticationKey
    ) throws(FacilityError) -> Bool? {
        let tail = line.suffix(codeLabel.count + codeLength + codeEnd.count)
        guard tail.starts(with: codeLabel), tail.suffix(codeEnd.count).elementsEqual(codeEnd) else { return nil }
        let digits = String(decoding: tail.dropFirst(codeLabel.count).prefix(codeLength), as: UTF8.self)
        // The form is the one that is written: a digit in lower case is a change, too.
        guard let code = AuthenticationCode(digits), code.description == digits else { return nil }
        return try self.code(over: line.dropLast(tail.count), under: key) == code
    }

    private static func code(
        over content: some Collection<UInt8>, under key: borrowing AuthenticationKey
    ) throws(FacilityError) -> AuthenticationCode {
        do throws(EngineError) { return try key.code(over: content) } catch { throw .engine(error) }
    }
}

extension AuditLine {
    /// The members of a line in the file, but for `hmac`.
    private struct Members: Codable {
        var action: String
        var facts: [AuditEvent.Fact]
        var keys: [AuditEvent.Key]
        var ledger: LedgerHead?
        var operators: [String]
        var previous: String
        var reason: String?
        var result: AuditEvent.Result
        var sequence: Int
        var time: String
        var tool: String
        var undertaking: AuditHead?
        var writes: String?
        var writesSHA256: String?

        enum CodingKeys: String, CodingKey {
            case action, facts, keys, ledger, operators, previous, reason, result, sequence, time, tool, undertaking,
                writes
            case writesSHA256 = "writes_sha256"
        }

        init(_ line: AuditLine) {
            let event = line.event
            (action, facts, keys, operators) = (event.action, event.facts, event.keys, event.operators)
            ledger = line.ledger
            (previous, reason, result) = (line.previous, event.reason, event.result)
            (sequence, time, tool) = (line.sequence, line.time, line.tool)
            (undertaking, writes, writesSHA256) = (event.undertaking, event.writes?.file, event.writes?.sha256)
        }
    }

    /// Reads a line without its end; nil where it is no event.
    init?(_ line: ArraySlice<UInt8>) {
        guard let members = try? JSONDecoder().decode(Members.self, from: Data(line)) else { return nil }
        var event = AuditEvent(members.action)
        (event.facts, event.keys, event.operators) = (members.facts, members.keys, members.operators)
        (event.result, event.reason) = (members.result, members.reason)
        event.undertaking = members.undertaking
        event.writes = AuditEvent.Replacement(members.writes, sha256: members.writesSHA256)
        self.event = event
        (sequence, time, tool, previous) = (members.sequence, members.time, members.tool, members.previous)
        ledger = members.ledger
    }
}

extension AuditLine {
    /// What binds a line to others, and to the site's files, without the rest of the event.
    struct Link: Decodable {
        let action: String
        let sequence: Int
        let time: String
        let previous: String
        let undertaking: AuditHead?
        /// The ledger as it was then.
        let ledger: LedgerHead?
        /// The name of the file that it replaced.
        let writes: String?

        /// Reads a line without its end; nil where it is no event.
        init?(_ line: ArraySlice<UInt8>) {
            guard let link = try? JSONDecoder().decode(Link.self, from: Data(line)) else { return nil }
            self = link
        }
    }
}
