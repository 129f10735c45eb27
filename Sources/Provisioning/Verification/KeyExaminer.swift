import Facility
import PaymentCrypto

/// Looks at the keys of a chunk's devices: opens what can be opened, derives anew what can be derived.
///
/// One owner: a worker.
final class KeyExaminer {
    /// What is the same for all devices.
    struct Rules: Sendable {
        let rows: RowExaminer.Rules
        let headers: [InitialKeyHeader]
        let tdesEngine: TDESEngine
        let carriers: CarrierRules?
    }

    private struct Group: Hashable {
        var baseKey: Int
        var protectionKey: Int
        var version: KeyBlockVersion
        var hidesLength: Bool

        init?(_ device: VerificationChunk.Device) {
            guard let frame = device.frame else { return nil }
            (baseKey, protectionKey) = (device.baseKey, device.protectionKey)
            (version, hidesLength) = (frame.version, device.hidesLength)
        }
    }

    private let rules: Rules
    private var inspectors: [Group: InitialKeyInspector] = [:]
    private var series: [Int: InitialKeySeries] = [:]
    private var members: [(device: Int, frame: KeyBlockFrame)] = []

    init(_ rules: Rules) {
        self.rules = rules
    }

    /// Looks at all devices of a chunk.
    func examine(_ chunk: VerificationChunk) throws {
        chunk.verifiedCount = chunk.devices.count
        chunk.derivedCount = chunk.devices.count { isDerived($0) }
        if rules.rows.transport == .tr31 { try examineKeyBlocks(chunk) } else { try examineCarriers(chunk) }
    }

    /// Whether the site has the key that its key comes from.
    private func isDerived(_ device: VerificationChunk.Device) -> Bool {
        rules.rows.keys.baseKeys[device.baseKey].key != nil
    }

    private func tell(_ chunk: VerificationChunk, _ device: Int, _ column: String?, _ message: String) {
        chunk.verifiedCount -= 1
        if isDerived(chunk.devices[device]) { chunk.derivedCount -= 1 }
        chunk.differences.append(rules.rows.difference(chunk.devices[device], column, message))
    }

    // MARK: Key blocks

    private func examineKeyBlocks(_ chunk: VerificationChunk) throws {
        var done: Set<Group> = []
        for first in chunk.devices.indices {
            guard let group = Group(chunk.devices[first]), done.insert(group).inserted else { continue }
            members.removeAll(keepingCapacity: true)
            for device in first..<chunk.devices.count where Group(chunk.devices[device]) == group {
                if let frame = chunk.devices[device].frame { members.append((device, frame)) }
            }
            try examine(group, chunk)
        }
    }

    private func examine(_ group: Group, _ chunk: VerificationChunk) throws {
        let inspector: InitialKeyInspector
        do throws(KeyBlockError) { inspector = try self.inspector(for: group, chunk) } catch {
            guard case .unsuitableProtectionKey = error else { throw error }
            for member in members { tell(chunk, member.device, "key_block", "\(error)") }
            return
        }
        try inspector.inspect(
            count: members.count,
            row: { index in
                let device = chunk.devices[members[index].device]
                return InitialKeyInspector.Row(
                    keyBlock: device.material, frame: members[index].frame, serialNumber: device.serialNumber,
                    checkValue: device.checkValue)
            },
            tell: { index, difference in
                let device = members[index].device
                tell(chunk, device, "key_block", words(difference, chunk.devices[device]))
            })
    }

    private func words(_ difference: InitialKeyDifference, _ device: VerificationChunk.Device) -> String {
        if case .checkValue = difference { return "\(difference), the report \(device.checkValue)" }
        return "\(difference)"
    }

    private func inspector(
        for group: Group, _ chunk: VerificationChunk
    ) throws(KeyBlockError) -> InitialKeyInspector {
        if let known = inspectors[group] { return known }
        let base = rules.rows.keys.baseKeys[group.baseKey]
        let order = InitialKeyInspector.Order(
            algorithm: base.algorithm, version: group.version, hidesLength: group.hidesLength, headers: rules.headers,
            checkValueMethod: base.method, checkValueByteCount: base.byteCount)
        // All of them share a worker's memory; where it is used up, those that are there make room.
        let room = LockedArena.workerByteCount / inspectorsAtOnce
        if inspectors.count >= inspectorsAtOnce { inspectors.removeAll() }
        let (engine, rows) = order.choice(rules.tdesEngine, room: room)
        let made = try InitialKeyInspector(
            bdk: base.key, protection: rules.rows.keys.protectionKeys[group.protectionKey].key, order: order,
            tdesEngine: engine, capacity: min(chunk.capacity, max(Self.fewestRows, rows)))
        inspectors[group] = made
        return made
    }

    /// As many as a run has keys or headers, unless each of them would have too little memory.
    private var inspectorsAtOnce: Int {
        let keys = rules.rows.keys
        let wanted = max(1, keys.baseKeys.count, keys.protectionKeys.count, rules.headers.count)
        return min(wanted, max(1, LockedArena.workerByteCount / (Self.fewestRows * Self.mostBytesPerRow)))
    }

    private static let fewestRows = 16
    /// What a row takes at most: an AES-256 key in version E.
    private static let mostBytesPerRow = 192

    // MARK: Tokens and cryptograms

    private func examineCarriers(_ chunk: VerificationChunk) throws {
        for device in chunk.devices.indices {
            let given = chunk.devices[device]
            if let fault = rules.carriers?.fault(given, rules.rows.keys) {
                tell(chunk, device, "key_block", fault)
            } else if let found = try derivedCheckValue(of: given), found != given.checkValue {
                tell(
                    chunk, device, "kcv",
                    "the key that the BDK gives has check value \(found), the report \(given.checkValue)")
            }
        }
    }

    /// Nil where the BDK is not there.
    private func derivedCheckValue(of device: VerificationChunk.Device) throws -> CheckValue? {
        guard let series = try series(for: device.baseKey) else { return nil }
        var found: CheckValue?
        try withUnsafePointer(to: device.serialNumber) { number in
            try series.make(UnsafeBufferPointer(start: number, count: 1)) { _, _, checkValue in found = checkValue }
        }
        return found
    }

    private func series(for index: Int) throws -> InitialKeySeries? {
        if let known = series[index] { return known }
        let base = rules.rows.keys.baseKeys[index]
        guard let key = base.key else { return nil }
        if series.count >= 64 { series.removeAll() }
        let made = try InitialKeySeries(
            key, checkValueMethod: base.method, checkValueByteCount: base.byteCount, capacity: 1)
        series[index] = made
        return made
    }
}

extension InitialKeyInspector.Order {
    /// The engine, and the rows of a call, for so much of a worker's memory.
    fileprivate func choice(_ wanted: TDESEngine, room: Int) -> (TDESEngine, rows: Int) {
        let fastRows = (room - lockedByteCountOfFastCiphers) / lockedByteCountPerRow
        return wanted.isFast(rows: fastRows) ? (wanted, fastRows) : (.openssl, room / lockedByteCountPerRow)
    }
}
