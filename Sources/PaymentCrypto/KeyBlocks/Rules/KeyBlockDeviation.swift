/// One thing in a key block that is not as X9.143 has it.
public struct KeyBlockDeviation: Equatable, Hashable, Sendable {
    /// How bad it is.
    public enum Severity: Int, Sendable, Hashable, Comparable {
        /// Worth saying; no importer refuses for it.
        case note
        /// A strict importer refuses, a lenient one says what was odd.
        case strictOnly
        /// Every importer refuses.
        case always

        /// Less severe first.
        public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
    }

    /// The rule.
    public let rule: KeyBlockRule
    /// What this case of the rule comes to.
    public let severity: Severity
    /// The optional block that it concerns, if it is one.
    public let block: OptionalBlock.Identifier?
    /// Expected and found, lower case, without a full stop; nothing secret.
    let words: String

    init(
        _ rule: KeyBlockRule, _ severity: Severity, in block: OptionalBlock.Identifier? = nil, _ words: String
    ) {
        (self.rule, self.severity, self.block, self.words) = (rule, severity, block, words)
    }
}

extension KeyBlockDeviation: CustomStringConvertible {
    /// Where, expected and found.
    public var description: String { block.map { "optional block \($0): \(words)" } ?? words }
}
