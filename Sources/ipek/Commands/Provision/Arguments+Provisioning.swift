public import ArgumentParser
public import PaymentCrypto
public import Provisioning

extension Layout: ExpressibleByArgument {}

extension KSNPadding: ExpressibleByArgument {}

extension CheckValueMethod: ExpressibleByArgument {}

extension KeyBlockVersion: ExpressibleByArgument {
    /// One letter, A to E.
    public init?(argument: String) {
        guard argument.utf8.count == 1, let letter = argument.first else { return nil }
        self.init(letter)
    }

    /// Those that can be made.
    public static var allValueStrings: [String] { allCases.filter(\.canBeMade).map(\.description) }
}

extension ColumnMapping: ExpressibleByArgument {
    /// `ours=theirs`.
    public init?(argument: String) {
        let parsed = Result { () throws(ColumnMappingError) in try ColumnMapping(pair: argument) }
        guard let mapping = try? parsed.get() else { return nil }
        self = mapping
    }
}

extension SHA256Digest: ExpressibleByArgument {
    /// 64 hexadecimal digits.
    public init?(argument: String) { self.init(argument) }
}
