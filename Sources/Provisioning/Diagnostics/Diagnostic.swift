/// One thing to say to a person, or to the script that reads `--json`.
public struct Diagnostic: Sendable, Equatable {
    /// How much it matters.
    public enum Severity: String, Sendable, Encodable {
        /// What was asked for is refused, or the row.
        case error
        /// Taken, but somebody should look at it.
        case warning
        /// Worth knowing.
        case notice
    }

    /// The file as the user named it, or nil; `-` for standard input.
    public var file: String?
    /// The physical line on which the record begins, counted from 1.
    public var line: Int?
    /// The column, where one is meant.
    public var column: String?
    /// How much it matters.
    public var severity: Severity
    /// Lower case, without a full stop; expected and found.
    public var message: String
    /// What to do about it, where that is not plain from the message.
    public var hint: String?

    /// A diagnostic of a line, of a file, or of neither.
    public init(
        file: String? = nil, line: Int? = nil, column: String? = nil, severity: Severity = .error, message: String,
        hint: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.severity = severity
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `FILE:LINE: error: COLUMN: message` where there is a place, else `ipek: error: message`; the hint on its own line.
    public var description: String {
        var text = file ?? "ipek"
        if let line { text += ":\(line)" }
        text += ": \(severity.rawValue): "
        if let column { text += "\(column): " }
        text += message
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}

extension Diagnostic: Encodable {
    private enum CodingKeys: String, CodingKey {
        case file, line, column, severity, message, hint
    }

    /// All six names are always there; what is missing is null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(line, forKey: .line)
        try container.encode(column, forKey: .column)
        try container.encode(severity, forKey: .severity)
        try container.encode(message, forKey: .message)
        try container.encode(hint, forKey: .hint)
    }
}
