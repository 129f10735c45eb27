import PaymentCrypto

/// What the terminal shows while a line is typed.
///
/// The kernel never echoes: what was typed ahead of a question would be shown before anybody knows what it is.
struct LineFeedback {
    enum Style {
        /// Nothing, as for a passphrase.
        case hidden
        /// A dot for each group of four digits, and `?` for one with a character in it that is no digit.
        case groups
        /// The characters themselves, as for a name.
        case shown
    }

    /// Digits in a group, as components are printed.
    static let groupLength = 4

    private let style: Style
    /// Whether each character of a component is a digit at all, which tells nothing of the component.
    private var isDigit: [Bool] = []
    private var marks = ""

    init(_ style: Style) {
        self.style = style
    }

    /// Whether the character belongs to the line; blanks between groups do not.
    func takes(_ byte: UInt8) -> Bool {
        switch style {
        case .hidden: true
        case .groups: byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t")
        case .shown: byte >= UInt8(ascii: " ") && byte != 0x7F
        }
    }

    /// What to write after a character.
    mutating func added(_ byte: UInt8) -> [UInt8] {
        switch style {
        case .hidden: return []
        case .shown: return [byte]
        case .groups:
            isDigit.append(Hexadecimal.value(of: byte) != nil)
            return update()
        }
    }

    /// What to write after a character was taken back, which may have had several bytes; `count` are left.
    mutating func removed(leaving count: Int) -> [UInt8] {
        switch style {
        case .hidden: return []
        case .shown: return Self.erasure
        case .groups:
            isDigit.removeLast(max(0, isDigit.count - count))
            return update()
        }
    }

    private static let erasure = Array("\u{8} \u{8}".utf8)

    /// From the marks that are shown to those that should be.
    private mutating func update() -> [UInt8] {
        let wanted = wantedMarks
        let kept = zip(marks, wanted).prefix { $0 == $1 }.count
        let erased = repeatElement(Self.erasure, count: marks.count - kept).joined()
        marks = wanted
        return Array(erased) + Array(wanted.utf8.dropFirst(kept))
    }

    private var wantedMarks: String {
        let starts = stride(from: 0, to: isDigit.count, by: Self.groupLength)
        return String(
            starts.compactMap { start -> Character? in
                let group = isDigit[start..<min(start + Self.groupLength, isDigit.count)]
                if group.contains(false) { return "?" }
                return group.count == Self.groupLength ? "." : nil
            })
    }
}
