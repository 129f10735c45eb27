public import PaymentCrypto

/// What is wrong with a column of serial numbers.
public enum SerialNumberColumnError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number is there twice, or comes after a greater one where they have to ascend.
    case notAscending(InitialKeySerialNumber)
    /// There is no memory to sort them.
    case outOfMemory

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .notAscending(let number): "expected ascending key serial numbers, found \(number) again or too late"
        case .outOfMemory: "there is not enough memory to sort the key serial numbers"
        }
    }
}

extension SerialNumberSet {
    /// Takes columns of ascending serial numbers, chunk by chunk.
    public struct Builder: Sendable {
        private let family: DUKPTFamily
        private var builder = NumberSet.Builder()
        private var open: NumberRun?

        /// Begins with no number.
        public init(family: DUKPTFamily) {
            self.family = family
        }

        /// Adds the leading 8 bytes of initial serial numbers in order, of which some may come several times.
        public mutating func append(sorted column: UnsafeBufferPointer<UInt64>) throws(SerialNumberColumnError) {
            var start = 0
            for index in column.indices.dropFirst() where column[index] == column[index - 1] {
                try append(ascending: UnsafeBufferPointer(rebasing: column[start..<index]))
                start = index + 1
            }
            if start < column.count { try append(ascending: UnsafeBufferPointer(rebasing: column[start...])) }
        }

        /// Adds the leading 8 bytes of initial serial numbers, each greater than the one before.
        public mutating func append(ascending column: UnsafeBufferPointer<UInt64>) throws(SerialNumberColumnError) {
            let shift = InitialKeySerialNumber.counterBits(family)
            for leading in column {
                let place = leading >> shift
                guard let run = open else {
                    open = NumberRun(first: place, last: place)
                    continue
                }
                guard place > run.last else {
                    throw .notAscending(InitialKeySerialNumber(family: family, leading: leading))
                }
                if place == run.last + 1 {
                    open?.last = place
                } else {
                    builder.add(run)
                    open = NumberRun(first: place, last: place)
                }
            }
        }

        /// The set; the builder begins anew.
        public mutating func finish() -> SerialNumberSet {
            if let open { builder.add(open) }
            open = nil
            return SerialNumberSet(family: family, numbers: builder.finish())
        }
    }
}

/// Serial numbers that come in any order, chunk by chunk: 8 bytes for each, and 8 more while they are sorted.
///
/// One owner at a time.
public final class SerialNumberColumn {
    private let family: DUKPTFamily
    private let column = NumberColumn()

    /// Begins with no number.
    public init(family: DUKPTFamily) {
        self.family = family
    }

    /// How many have come.
    public var count: Int { column.count }

    /// Adds the leading 8 bytes of initial serial numbers.
    public func append(_ leading: UnsafeBufferPointer<UInt64>) throws(SerialNumberColumnError) {
        do { try column.append(leading) } catch { throw .outOfMemory }
    }

    /// Sorts them and gives the set; refused where one came twice.
    ///
    /// The column is empty afterwards.
    public func takeSet() throws(SerialNumberColumnError) -> SerialNumberSet {
        do { try column.sort() } catch { throw .outOfMemory }
        defer { column.removeAll() }
        var builder = SerialNumberSet.Builder(family: family)
        try builder.append(ascending: column.values)
        return builder.finish()
    }
}
