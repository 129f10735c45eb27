import Facility
import PaymentCrypto

/// The initial key serial numbers of a manifest's devices, by the identity of their base derivation key.
struct ManifestNumbers: Sendable {
    /// Nil where no device has a number under this key.
    private(set) var sets: [SerialNumberSet?] = []

    /// How many numbers there are.
    var count: Int { sets.reduce(0) { $0 + ($1?.count ?? 0) } }

    /// What is not in the other one.
    func subtracting(_ other: ManifestNumbers) -> ManifestNumbers {
        ManifestNumbers(
            sets: sets.indices.map { identity in
                guard let set = sets[identity] else { return nil }
                let rest = other.sets.indices.contains(identity) ? other.sets[identity].map(set.subtracting) : set
                return rest ?? set
            })
    }

    /// The numbers under each key that has some.
    func forEach(_ body: (_ identity: Int, SerialNumberSet) throws -> Void) rethrows {
        for (identity, set) in sets.enumerated() {
            if let set, !set.isEmpty { try body(identity, set) }
        }
    }
}

/// Gathers serial numbers, a column for each base derivation key: for the duplicate check, and for the ledger.
///
/// One owner at a time.
final class SerialNumberColumns {
    private let keys: ManifestKeys
    private let hashing: DuplicateHashing
    private var columns: [KeyColumn?]

    init(_ keys: ManifestKeys, _ hashing: DuplicateHashing) {
        (self.keys, self.hashing) = (keys, hashing)
        columns = Array(repeating: nil, count: keys.baseKeys.count)
    }

    /// Adds the devices of a chunk that are wanted; each of them has a serial number.
    func gather(
        _ devices: DeviceColumns, where isWanted: (DeviceColumns, Int) -> Bool
    ) throws(ManifestReadError) {
        let count = devices.count
        var index = 0
        while index < count {
            guard isWanted(devices, index) else {
                index += 1
                continue
            }
            let baseKey = devices.baseKey[index]
            var end = index + 1
            while end < count, devices.baseKey[end] == baseKey, isWanted(devices, end) { end += 1 }
            let numbers = UnsafeBufferPointer(start: devices.initialKSN + index, count: end - index)
            try column(identity: keys.baseKeys[Int(baseKey)].identity).append(numbers)
            index = end
        }
    }

    /// The keys of those that are there more than once, and all of them as sets; forgets the columns.
    func conclude() throws(ManifestReadError) -> (repeated: KeyColumn, numbers: ManifestNumbers) {
        let repeated = KeyColumn()
        var sets: [SerialNumberSet?] = Array(repeating: nil, count: columns.count)
        for identity in columns.indices {
            guard let column = columns[identity] else { continue }
            columns[identity] = nil
            try column.sort()
            sets[identity] = try set(column.values, identity: identity)
            try column.keepDuplicates()
            for leading in column.values {
                try repeated.append(hashing.serialNumberKey(leading, identity: identity))
            }
        }
        try repeated.removeRepeats()
        return (repeated, ManifestNumbers(sets: sets))
    }

    private func column(identity: Int) -> KeyColumn {
        if let column = columns[identity] { return column }
        let column = KeyColumn()
        columns[identity] = column
        return column
    }

    private func set(
        _ sorted: UnsafeBufferPointer<UInt64>, identity: Int
    ) throws(ManifestReadError) -> SerialNumberSet {
        var builder = SerialNumberSet.Builder(family: DUKPTFamily(keys.baseKeys[identity].algorithm))
        do { try builder.append(sorted: sorted) } catch { throw .outOfMemory }
        return builder.finish()
    }
}
