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
    private var last: (name: Name, index: Int)?

    mutating func add(_ number: InitialKeySerialNumber, baseKey: Int32, isIssued: Bool) {
        let name = Name(baseKey: baseKey, keySet: number.keySet)
        guard let index = index(name, number.family) else {
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
        if let last, last.name == name { return last.index }
        if let index = indices[name] {
            last = (name, index)
            return index
        }
        guard lines.count < Self.limit else { return nil }
        lines.append(Line(baseKey: name.baseKey, family: family, keySet: name.keySet))
        indices[name] = lines.count - 1
        last = (name, lines.count - 1)
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
