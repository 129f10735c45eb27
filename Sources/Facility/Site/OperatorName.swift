/// Who says that they are at the keyboard: 1 to 64 printable characters.
///
/// Nobody proves it; the audit log keeps it, and the policy counts it. Two names that differ in case only are one.
public struct OperatorName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it was given.
    public let description: String

    /// Nil for anything that is no name.
    public init?(_ text: String) {
        guard (1...64).contains(text.unicodeScalars.count), text.first != " ", text.last != " ",
            text.unicodeScalars.allSatisfy(Self.isPrintable)
        else { return nil }
        description = text
    }

    /// Equal when case is ignored.
    public static func == (left: OperatorName, right: OperatorName) -> Bool { left.folded == right.folded }

    /// The same for names that are equal.
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    private var folded: String { description.lowercased() }

    /// Of all blanks the plain one alone: names that look alike would count as two.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
