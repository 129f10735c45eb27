/// The classes of characters that key blocks are made of.
enum ASCII {
    static func isDigit(_ character: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }

    static func isUpperCase(_ character: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
    }

    static func isAlphanumeric(_ character: UInt8) -> Bool {
        isDigit(character) || isUpperCase(character) || isUpperCase(character & ~0x20)
    }

    /// From the blank to the tilde.
    static func isPrintable(_ character: UInt8) -> Bool {
        (0x20...0x7E).contains(character)
    }

    /// The value of decimal digits and nothing else, or nil.
    static func decimal(_ text: some Collection<UInt8>) -> Int? {
        guard !text.isEmpty, text.count <= 9, text.allSatisfy(isDigit) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// The value of upper-case hexadecimal digits and nothing else, or nil.
    static func upperCaseHexadecimal(_ text: some Collection<UInt8>) -> Int? {
        guard !text.isEmpty, text.count <= 7 else { return nil }
        var value = 0
        for character in text {
            guard !isUpperCase(character & ~0x20) || isUpperCase(character),
                let digit = Hexadecimal.value(of: character)
            else { return nil }
            value = value << 4 | Int(digit)
        }
        return value
    }

    /// How a message shows characters that came from outside: what cannot be printed as its code.
    static func quoted(_ text: some Sequence<UInt8>) -> String {
        let shown = text.map { character in
            isPrintable(character)
                ? String(Unicode.Scalar(character)) : "\\x" + Hexadecimal.text(CollectionOfOne(character))
        }
        return "'" + shown.joined() + "'"
    }
}
