import FoundationEssentials
import GRDB
import PaymentCrypto

/// Values of a row; GRDB's own subscripts trap where the file holds another type than expected.
extension Row {
    func integer(_ column: Int, _ path: String) throws -> Int64 {
        try value(column, path)
    }

    func text(_ column: Int, _ path: String) throws -> String {
        try value(column, path)
    }

    func bytes(_ column: Int, _ path: String) throws -> [UInt8] {
        Array(try value(column, path) as Data)
    }

    private func value<Value: DatabaseValueConvertible>(_ column: Int, _ path: String) throws -> Value {
        guard column < count, let value = Value.fromDatabaseValue(self[column] as DatabaseValue) else {
            throw LedgerError.corrupt(path: path, reason: "a value is not of the type that was written")
        }
        return value
    }
}

/// SQLite's integers have a sign, so the number line is moved by half its length: their order stays.
extension UInt64 {
    var stored: Int64 { Int64(bitPattern: self ^ 1 << 63) }

    init(stored: Int64) {
        self = UInt64(bitPattern: stored) ^ 1 << 63
    }
}
