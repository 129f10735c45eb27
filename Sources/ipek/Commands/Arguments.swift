public import ArgumentParser
public import Facility
public import PaymentCrypto

/// Text from the command line to values; what is refused is told with what was expected.
enum Arguments {
    static func keyName(_ text: String) throws -> KeyName {
        try expect("1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit", KeyName(text))
    }

    static func auditHead(_ text: String) throws -> AuditHead {
        try expect("64 hexadecimal digits", AuditHead(text))
    }

    /// What looks like a key is none: names are recorded.
    static func operatorName(_ text: String) throws -> OperatorName {
        let expectation = "1 to 64 printable characters without a blank at either end, and no key"
        return try expect(expectation, ShownText.line(text) == text ? OperatorName(text) : nil)
    }

    /// A word of this tool, or a usage that X9.143 knows or leaves to the user.
    static func keyUsage(_ text: String) throws -> KeyUsage {
        let usage = KeyUsage(text).flatMap { $0.meaning != nil || $0.isProprietary ? $0 : nil }
        let words = usageWords.keys.sorted().joined(separator: ", ")
        return try expect("\(words) or a usage of X9.143 such as P0", usageWords[text] ?? usage)
    }

    static func keyVersion(_ text: String) throws -> KeyVersionNumber {
        let isLower = text.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return try expect("two digits or upper-case letters", isLower ? nil : KeyVersionNumber(text))
    }

    /// 4 to 10 digits are compared as a prefix.
    static func expectedCheckValue(_ text: String) throws -> ExpectedCheckValue {
        try expect("4 to 10 hexadecimal digits", ExpectedCheckValue(text))
    }

    /// `NAME=VALUE`, or `NAME=` to remove the tag.
    static func keyTag(_ text: String) throws -> KeyTag {
        try expect(KeyTag.expectation, KeyTag(text))
    }

    /// Why a key is retired.
    static func retirement(_ reason: String) throws -> Retirement {
        try expect("a reason of 1 to 200 printable characters", Retirement(reason: reason))
    }

    /// A person or a bag, as it goes on record.
    static func custodyName(_ text: String) throws -> CustodyName {
        try expect(CustodyName.expectation, CustodyName(text))
    }

    /// `ID=VALUE`; the padding block is always computed.
    static func optionalBlock(_ text: String) throws -> OptionalBlock {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let id = parts.first.flatMap { OptionalBlock.Identifier($0) }
        guard let id, id != .padding, parts.count == 2 else {
            throw ValidationError("expected ID=VALUE with an ID of two letters or digits other than PB")
        }
        return try expect("a value of printable ASCII characters", OptionalBlock(id, data: String(parts[1])))
    }

    static let usageWords: [String: KeyUsage] = [
        "bdk": .baseDerivationKey, "initial-key": .initialDUKPTKey, "kek": .keyEncryption, "kbpk": .keyBlockProtection,
    ]

    static func expect<Value>(_ expectation: String, _ value: Value?) throws -> Value {
        guard let value else { throw ValidationError("expected \(expectation)") }
        return value
    }
}

extension SiteEnvironment: ExpressibleByArgument {}

extension KeyAlgorithm: ExpressibleByArgument {}

extension RSAKeySize: ExpressibleByArgument {}

extension TrustRole: ExpressibleByArgument {}

extension Exchange.Material: ExpressibleByArgument {}

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
