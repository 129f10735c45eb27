public import ArgumentParser
public import Facility
public import PaymentCrypto
public import Provisioning

extension Arguments {
    /// `ours=theirs`.
    static func columnMapping<Column>(_ text: String) throws -> ColumnMapping<Column> {
        do throws(ColumnMappingError) {
            return try ColumnMapping(pair: text)
        } catch {
            throw ValidationError(error.description)
        }
    }

    static func digest(_ text: String) throws -> SHA256Digest {
        try expect("64 hexadecimal digits", SHA256Digest(text))
    }

    /// One of those that can be made.
    static func keyBlockVersion(_ text: String) throws -> KeyBlockVersion {
        let version = text.utf8.count == 1 ? text.first.flatMap { KeyBlockVersion($0) } : nil
        return try expect("B, D or E (A and C are only opened)", version.flatMap { $0.canBeMade ? $0 : nil })
    }
}

extension KeyTransport: ExpressibleByArgument {}

extension Layout: ExpressibleByArgument {}

extension KSNPadding: ExpressibleByArgument {}

extension TDESEngine: ExpressibleByArgument {}

extension CheckValueMethod: ExpressibleByArgument {}
