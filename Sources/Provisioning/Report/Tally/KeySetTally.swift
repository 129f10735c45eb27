import PaymentCrypto

/// The numbers of a run, key set by key set.
struct KeySetTally: Sendable {
    /// A base derivation key and the digits that all of its numbers in one set begin with.
    struct Line: Sendable {
        let baseKey: Int32
        let family: DUKPTFamily
        /// The leading 40 bits (TDES) or 32 bits (AES).
        let keySet: UInt64
        var issued = NumberCoverage()
        /// Numbers of rows that were refused.
        var refused = NumberCoverage()
    }

    private struct Name: Hashable {
        var baseKey: Int32
        var keySet: UInt64
    }

    /// The most key sets that are told apart.
    static let limit = 256

    private(set) var lines: [Line] = []
    /// Devices of further key sets.
    private(set) var otherCount = 0
    private var indices: [Name: Int] = [:]
    /// The line of a name, at the place that a few of its bits say: shuffled numbers go from one to another all the time.
    private var recent = [Int](repeating: -1, count: 64)

    /// Counts the numbers of a chunk's devices.
    ///
    /// - Parameter families: of the base keys, by their indices in ``ManifestKeys``.
    mutating func add(_ devices: DeviceColumns, _ families: [DUKPTFamily]) {
        for device in 0..<devices.count where devices.status[device] != .inRejectedRow {
            let baseKey = devices.baseKey[device]
            guard devices.duplicateFlags[device].contains(.hasSerialNumber), families.indices.contains(Int(baseKey))
            else { continue }
            let number = InitialKeySerialNumber(family: families[Int(baseKey)], leading: devices.initialKSN[device])
            add(number, baseKey: baseKey, isIssued: devices.status[device] == .accepted)
        }
    }

    private mutating func add(_ number: InitialKeySerialNumber, baseKey: Int32, isIssued: Bool) {
        guard let index = index(Name(baseKey: baseKey, keySet: number.keySet), number.family) else {
            otherCount += 1
            return
        }
        if isIssued {
            lines[index].issued.add(number.deviceNumber)
        } else {
            lines[index].refused.add(number.deviceNumber)
        }
    }

    private mutating func index(_ name: Name, _ family: DUKPTFamily) -> Int? {
        let place = Int(truncatingIfNeeded: name.keySet ^ UInt64(truncatingIfNeeded: name.baseKey) << 3) & 63
        let index = recent[place]
        if index >= 0, lines[index].keySet == name.keySet, lines[index].baseKey == name.baseKey { return index }
        guard let found = indices[name] ?? addLine(name, family) else { return nil }
        recent[place] = found
        return found
    }

    private mutating func addLine(_ name: Name, _ family: DUKPTFamily) -> Int? {
        guard lines.count < Self.limit else { return nil }
        lines.append(Line(baseKey: name.baseKey, family: family, keySet: name.keySet))
        indices[name] = lines.count - 1
        return lines.count - 1
    }
}

extension InitialKeySerialNumber {
    /// How many bits of a serial number count the devices of one key set: X9.24-1:2009 A.6, X9.24-3:2017 6.3.1.
    static func deviceBits(_ family: DUKPTFamily) -> UInt64 { family == .tdes ? 19 : 32 }

    /// Where the device's number ends in the leading 64 bits.
    private static func deviceShift(_ family: DUKPTFamily) -> UInt64 { family == .tdes ? 5 : 0 }

    /// The digits before the device's number, as one number.
    var keySet: UInt64 { leading >> (Self.deviceShift(family) + Self.deviceBits(family)) }

    /// The device's number in its key set.
    var deviceNumber: UInt64 {
        leading >> Self.deviceShift(family) & (1 << Self.deviceBits(family) - 1)
    }

    /// The serial number of a device of a key set.
    init(family: DUKPTFamily, keySet: UInt64, deviceNumber: UInt64) {
        let leading = keySet << Self.deviceBits(family) | deviceNumber
        self.init(family: family, leading: leading << Self.deviceShift(family))
    }
}
