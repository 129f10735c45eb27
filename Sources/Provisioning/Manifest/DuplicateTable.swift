import Glibc

/// The keys that more than one device has, and the first two lines of each that is a duplicate indeed.
///
/// Unchecked: while candidates are confirmed, workers read the keys and one collector writes the groups; afterwards
/// nothing is written.
final class DuplicateTable: @unchecked Sendable {
    /// Devices with the same key and the same check; a line is 0 until it is known.
    private struct Group {
        var check: UInt64 = 0
        /// Where several devices of one owner are no duplicates: whose the first one is.
        var owner: UInt64 = 0
        var firstLine: UInt32 = 0
        var otherLine: UInt32 = 0
    }

    /// A key whose first device was another one by chance of the hash.
    private struct Collision: Hashable {
        var place: Int
        var check: UInt64
    }

    private let keys: KeyColumn
    private let groups: UnsafeMutablePointer<Group>
    private var collisions: [Collision: Group] = [:]

    /// Takes a column over and leaves only its candidates.
    convenience init(_ column: KeyColumn) throws(ManifestReadError) {
        try column.keepDuplicates()
        try self.init(candidates: column)
    }

    /// Takes over keys that several devices may have, each of them once and in ascending order.
    init(candidates column: KeyColumn) throws(ManifestReadError) {
        let size = max(1, column.count)
        guard let block = calloc(size, MemoryLayout<Group>.stride) else { throw .outOfMemory }
        keys = column
        groups = block.bindMemory(to: Group.self, capacity: size)
    }

    deinit {
        free(groups)
    }

    /// Whether no two devices have the same key.
    var isEmpty: Bool { keys.count == 0 }

    /// Whether another device has this key.
    func hasCandidate(_ key: UInt64) -> Bool { keys.index(of: key) != nil }

    /// Notes a device, in manifest order; where it is a duplicate, the line of the first one.
    func confirm(_ key: UInt64, check: UInt64, owner: UInt64? = nil, line: Int) -> Int? {
        guard let place = keys.index(of: key) else { return nil }
        let line = UInt32(truncatingIfNeeded: line)
        if groups[place].firstLine == 0 || groups[place].check == check {
            return note(line, check: check, owner, in: &groups[place])
        }
        return note(
            line, check: check, owner, in: &collisions[Collision(place: place, check: check), default: Group()])
    }

    /// The first line with the same device, or on that line the second one; nil where there is but one device.
    func otherLine(_ key: UInt64, check: UInt64, owner: UInt64? = nil, line: Int) -> Int? {
        guard let place = keys.index(of: key) else { return nil }
        let group =
            groups[place].check == check ? groups[place] : collisions[Collision(place: place, check: check)] ?? Group()
        guard group.otherLine != 0 else { return nil }
        let isFirst = owner.map { $0 == group.owner } ?? (Int(group.firstLine) == line)
        return Int(isFirst ? group.otherLine : group.firstLine)
    }

    private func note(_ line: UInt32, check: UInt64, _ owner: UInt64?, in group: inout Group) -> Int? {
        guard group.firstLine != 0 else {
            group.check = check
            group.owner = owner ?? 0
            group.firstLine = line
            return nil
        }
        if let owner, owner == group.owner { return nil }
        if group.otherLine == 0 { group.otherLine = line }
        return Int(group.firstLine)
    }
}
