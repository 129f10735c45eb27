public import ArgumentParser
public import Facility
public import PaymentCrypto

extension SiteEnvironment: ExpressibleByArgument {}

extension SiteSettings.Key: ExpressibleByArgument {}

extension KeyName: ExpressibleByArgument {
    /// `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
    public init?(argument: String) { self.init(argument) }
}

extension KeyAlgorithm: ExpressibleByArgument {}

extension KeyUsage: ExpressibleByArgument {
    /// A word of this tool, or a usage that X9.143 knows or leaves to the user.
    public init?(argument: String) {
        if let word = Self.words[argument] {
            self = word
            return
        }
        guard let usage = KeyUsage(argument), usage.meaning != nil || usage.isProprietary else { return nil }
        self = usage
    }

    /// The words and what they stand for.
    static let words: [String: KeyUsage] = [
        "bdk": .baseDerivationKey, "initial-key": .initialDUKPTKey, "kek": .keyEncryption, "kbpk": .keyBlockProtection,
    ]

    /// Shown where a value is refused.
    public static var allValueStrings: [String] {
        ["bdk (B0)", "initial-key (B1)", "kek (K0)", "kbpk (K1)", "or a usage of X9.143 such as P0"]
    }
}

extension ModeOfUse: ExpressibleByArgument {
    /// One of X9.143's letters.
    public init?(argument: String) {
        guard argument.utf8.count == 1, let letter = argument.first else { return nil }
        self.init(letter)
    }

    /// Every letter.
    public static var allValueStrings: [String] { allCases.map(\.description) }
}

extension Exportability: ExpressibleByArgument {
    /// One of X9.143's letters.
    public init?(argument: String) {
        guard argument.utf8.count == 1, let letter = argument.first else { return nil }
        self.init(letter)
    }

    /// Every letter.
    public static var allValueStrings: [String] { allCases.map(\.description) }
}

extension KeyVersionNumber: ExpressibleByArgument {
    /// Two digits or upper-case letters; `00` for none.
    public init?(argument: String) {
        guard argument.utf8.allSatisfy({ !(0x61...0x7A).contains($0) }) else { return nil }
        self.init(argument)
    }
}

extension ExpectedCheckValue: ExpressibleByArgument {
    /// 4 to 10 hexadecimal digits.
    public init?(argument: String) { self.init(argument) }
}

extension OptionalBlock: ExpressibleByArgument {
    /// `ID=VALUE`; what the tool computes itself cannot be given.
    public init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), let id = Identifier(argument[..<sign]), id != .padding else {
            return nil
        }
        self.init(id, data: String(argument[argument.index(after: sign)...]))
    }
}
