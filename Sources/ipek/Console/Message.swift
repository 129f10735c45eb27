/// One thing to say to a person, or to the script that reads `--json`.
struct Message: Sendable, Equatable {
    /// How much it matters.
    enum Severity: String, Encodable, Sendable {
        case error, warning, notice
    }

    var file: String?
    var line: Int?
    var column: String?
    var severity = Severity.error
    /// Lower case, without a full stop; expected and found.
    var message: String
    /// What to do about it, where that is not plain.
    var hint: String?

    init(_ message: String, severity: Severity = .error, file: String? = nil, hint: String? = nil) {
        self.message = message
        self.severity = severity
        self.file = file.map(ShownText.line)
        self.hint = hint
    }
}

extension Message: CustomStringConvertible {
    /// `FILE:LINE: error: COLUMN: message` where there is a place, else `ipek: error: message`; the hint on its own line.
    var description: String {
        var text = file ?? "ipek"
        if let line { text += ":\(line)" }
        text += ": \(severity.rawValue): "
        if let column { text += "\(column): " }
        text += message
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}

extension Message: Encodable {
    private enum CodingKeys: String, CodingKey {
        case file, line, column, severity, message, hint
    }

    /// All six names are always there; what is missing is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(line, forKey: .line)
        try container.encode(column, forKey: .column)
        try container.encode(severity, forKey: .severity)
        try container.encode(message, forKey: .message)
        try container.encode(hint, forKey: .hint)
    }
}
