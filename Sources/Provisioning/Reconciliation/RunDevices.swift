import Glibc
import PaymentCrypto

/// The devices of a run in the order of its report, and what came back of each: 32 bytes per device.
///
/// Names are known by 96 bits of keyed hash. One owner.
final class RunDevices {
    /// How many there may be.
    let capacity: Int
    /// How many there are.
    private(set) var count = 0
    /// Whether some device has a slot.
    private(set) var hasSlots = false
    private let hashing = DuplicateHashing()
    private let folded: UnsafeMutablePointer<UInt8>
    private let keys: UnsafeMutablePointer<UInt64>
    private let checks: UnsafeMutablePointer<UInt32>
    private let serialNumbers: UnsafeMutablePointer<UInt64>
    /// Five bytes each.
    private let checkValues: UnsafeMutablePointer<UInt8>
    private let flags: UnsafeMutablePointer<UInt16>
    /// Where to look for a name: 27 bits of a device's number, counted from 1, and 5 bits of its key; 0 is free.
    private let places: UnsafeMutablePointer<UInt32>
    private let placeCount: Int
    /// Returns mostly come in the order of the run, so this one is looked at first.
    private var expected = 0

    /// The longest device_id with the longest slot and what is between.
    private static let nameByteLimit = DeviceIdentifierPattern.byteLimit + 1 + 8

    init(capacity: Int) throws(ReconciliationError) {
        // A place has 27 bits for the number of a device.
        guard capacity >= 0, capacity < 1 << 27 else { throw .outOfMemory(devices: capacity) }
        self.capacity = capacity
        placeCount = capacity + capacity / 4 + 1
        func column<Value>(_ count: Int, of type: Value.Type) throws(ReconciliationError) -> UnsafeMutablePointer<Value>
        {
            guard let block = calloc(max(1, count), MemoryLayout<Value>.stride) else {
                throw .outOfMemory(devices: capacity)
            }
            return block.bindMemory(to: type, capacity: max(1, count))
        }
        keys = try column(capacity, of: UInt64.self)
        checks = try column(capacity, of: UInt32.self)
        serialNumbers = try column(capacity, of: UInt64.self)
        checkValues = try column(5 * capacity, of: UInt8.self)
        flags = try column(capacity, of: UInt16.self)
        places = try column(placeCount, of: UInt32.self)
        folded = .allocate(capacity: Self.nameByteLimit)
    }

    deinit {
        for block in [
            UnsafeMutableRawPointer(keys), UnsafeMutableRawPointer(checks), UnsafeMutableRawPointer(serialNumbers),
            UnsafeMutableRawPointer(checkValues), UnsafeMutableRawPointer(flags), UnsafeMutableRawPointer(places),
        ] { free(block) }
        folded.deallocate()
    }

    /// Adds the next device of the report; false where there is no room, or where an issued device is there already.
    func append(_ row: ReportReader.Row) -> Bool {
        guard count < capacity else { return false }
        // A refused row may hold anything as a name; it is known then by its row alone.
        guard let name = name(row.identifier, row.slot) else {
            flags[count] = Flags.isRejected
            count += 1
            return row.issue == nil
        }
        (keys[count], checks[count]) = (name.key, name.check)
        flags[count] = row.issue == nil ? Flags.isRejected : row.issue?.serialNumber.family == .aes ? Flags.isAES : 0
        if row.issue != nil, !row.slot.isEmpty { hasSlots = true }
        let (place, found) = place(of: name)
        if let found {
            // Several refused rows may have one name, which is often why they were refused.
            guard row.issue == nil || isRejected(found) else { return false }
        } else {
            places[place] = UInt32(truncatingIfNeeded: count + 1) | Self.tag(name.key)
        }
        count += 1
        return true
    }

    /// The number of a device in the report, counted from 0; nil where the run does not have it.
    func find(_ identifier: UnsafeBufferPointer<UInt8>, slot: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let name = name(identifier, slot) else { return nil }
        let found = has(name, expected) ? expected : place(of: name).device
        if let found { expected = found + 1 }
        return found
    }

    /// Whether the run refused it.
    func isRejected(_ device: Int) -> Bool { flags[device] & Flags.isRejected != 0 }

    /// TDES or AES; of no meaning for a refused row.
    func family(_ device: Int) -> DUKPTFamily { flags[device] & Flags.isAES != 0 ? .aes : .tdes }

    /// What came back of a device.
    subscript(device: Int) -> ReturnState {
        get {
            let flags = flags[device]
            var state = ReturnState()
            guard let phase = ReturnState.Phase(rawValue: UInt8(flags & 3)), phase != .none else { return state }
            state.phase = phase
            (state.disagrees, state.isRepeated) = (flags & Flags.disagrees != 0, flags & Flags.isRepeated != 0)
            state.words = UInt8(flags >> Flags.wordsShift & 15)
            var bits: UInt64 = 0
            for index in 0..<5 { bits = bits << 8 | UInt64(checkValues[5 * device + index]) }
            state.checkValue = ReturnedCheckValue(bits: bits, code: UInt8(flags >> Flags.codeShift & 15))
            switch flags & Flags.serialNumberMask {
            case Flags.hasSerialNumber: state.serialNumber = .given(serialNumbers[device])
            case Flags.hasUnreadableNumber: state.serialNumber = .unreadable
            default: break
            }
            return state
        }
        set {
            var flags = flags[device] & (Flags.isRejected | Flags.isAES)
            flags |= UInt16(newValue.phase.rawValue)
            if newValue.disagrees { flags |= Flags.disagrees }
            if newValue.isRepeated { flags |= Flags.isRepeated }
            flags |= UInt16(newValue.words & 15) << Flags.wordsShift
            flags |= UInt16(newValue.checkValue.code & 15) << Flags.codeShift
            for index in 0..<5 {
                checkValues[5 * device + index] = UInt8(
                    truncatingIfNeeded: newValue.checkValue.bits >> UInt64(32 - 8 * index))
            }
            switch newValue.serialNumber {
            case .notGiven: break
            case .given(let leading):
                flags |= Flags.hasSerialNumber
                serialNumbers[device] = leading
            case .unreadable: flags |= Flags.hasUnreadableNumber
            }
            self.flags[device] = flags
        }
    }

    /// Forgets everything that came back.
    func removeReturns() {
        for device in 0..<count { flags[device] &= Flags.isRejected | Flags.isAES }
    }

    private enum Flags {
        static let disagrees: UInt16 = 4
        static let isRepeated: UInt16 = 8
        static let serialNumberMask: UInt16 = 0x30
        static let hasSerialNumber: UInt16 = 0x10
        static let hasUnreadableNumber: UInt16 = 0x20
        static let isRejected: UInt16 = 0x40
        static let isAES: UInt16 = 0x80
        static let codeShift: UInt16 = 8
        static let wordsShift: UInt16 = 12
    }

    // MARK: Names

    /// Equal for names that differ in case only.
    private struct Name {
        var key: UInt64
        var check: UInt32
    }

    /// Nil for what is too long to be a device of any run.
    private func name(_ identifier: UnsafeBufferPointer<UInt8>, _ slot: UnsafeBufferPointer<UInt8>) -> Name? {
        guard !identifier.isEmpty, identifier.count <= DeviceIdentifierPattern.byteLimit, slot.count <= 8 else {
            return nil
        }
        let text = DuplicateHashing.fold(identifier, slot: slot, into: folded)
        let check = UInt32(truncatingIfNeeded: hashing.identifierCheck(text))
        return Name(key: hashing.identifierKey(text), check: check)
    }

    private func has(_ name: Name, _ device: Int) -> Bool {
        device < count && keys[device] == name.key && checks[device] == name.check
    }

    /// Where a name is, or where it would be.
    private func place(of name: Name) -> (place: Int, device: Int?) {
        let tag = Self.tag(name.key)
        var place = Int(truncatingIfNeeded: name.key.multipliedFullWidth(by: UInt64(placeCount)).high)
        // There is always a free place, so this ends.
        while places[place] != 0 {
            let device = Int(places[place] & Self.numberMask) - 1
            if places[place] & ~Self.numberMask == tag, has(name, device) {
                return (place, device)
            }
            place = place + 1 < placeCount ? place + 1 : 0
        }
        return (place, nil)
    }

    private static let numberMask: UInt32 = 0x07FF_FFFF

    /// The low bits of a key: its high bits say where it is.
    private static func tag(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key) << 27 }
}
