import Facility

/// The duplicate check's eight bytes per device.
///
/// The ledger sorts serial numbers in the same way, by the same code.
final class KeyColumn {
    private let column = NumberColumn()

    var count: Int { column.count }

    /// The numbers.
    var values: UnsafeBufferPointer<UInt64> { column.values }

    func append(_ more: UnsafeBufferPointer<UInt64>) throws(ManifestReadError) {
        do { try column.append(more) } catch { throw .outOfMemory }
    }

    func append(_ number: UInt64) throws(ManifestReadError) {
        try withUnsafePointer(to: number) { pointer throws(ManifestReadError) in
            try append(UnsafeBufferPointer(start: pointer, count: 1))
        }
    }

    /// Brings the numbers into ascending order.
    func sort() throws(ManifestReadError) {
        do { try column.sort() } catch { throw .outOfMemory }
    }

    /// Leaves each number once, in ascending order.
    func removeRepeats() throws(ManifestReadError) {
        do { try column.removeRepeats() } catch { throw .outOfMemory }
    }

    /// Leaves only the numbers that are there more than once, each of them once, in ascending order.
    func keepDuplicates() throws(ManifestReadError) {
        do { try column.keepDuplicates() } catch { throw .outOfMemory }
    }

    /// Where a number is in an ascending column, or nil.
    func index(of number: UInt64) -> Int? {
        let values = values
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < values.count && values[low] == number ? low : nil
    }
}
