import PaymentCrypto

/// Looks for what lies behind check values that came back as others.
struct CauseSearch {
    private let suspects: [MismatchSuspect]
    private var causes: [Int: MismatchCause] = [:]

    init(_ suspects: [MismatchSuspect]) { self.suspects = suspects }

    /// What was found, by the number of the device; several things may fit, and the most telling one is kept.
    var found: [Int: MismatchCause] { causes }

    /// Whether there is anything left to look for.
    private var open: [MismatchSuspect] { suspects.filter { causes[$0.device] == nil } }

    /// The same key with a check value of the other kind, which takes the base derivation key to find out.
    mutating func searchOtherMethods(under key: BaseKeySource, named name: String) throws {
        for method in CheckValueMethod.allCases {
            let group = suspects.filter { $0.baseKey == name && $0.method != nil && $0.method != method }
            try search(group, method, under: key)
        }
    }

    private mutating func search(
        _ suspects: [MismatchSuspect], _ method: CheckValueMethod, under key: BaseKeySource
    ) throws {
        let capacity = 256
        guard !suspects.isEmpty else { return }
        let series = try InitialKeySeries(key, checkValueMethod: method, capacity: capacity)
        for start in stride(from: 0, to: suspects.count, by: capacity) {
            let part = suspects[start..<min(start + capacity, suspects.count)]
            let numbers = part.map(\.serialNumber.leading)
            try numbers.withUnsafeBufferPointer { numbers in
                try series.make(numbers) { row, _, checkValue in
                    let suspect = suspects[start + row]
                    let value = ReturnedCheckValue(checkValue)
                    if value.agrees(with: suspect.returned) { causes[suspect.device] = .otherMethod(method) }
                }
            }
        }
    }

    /// A line that was given the wrong check value to report.
    mutating func searchBaseKeys(_ keys: [FinishedRun.Record.Key]) {
        for suspect in open {
            let key = keys.first { ReturnedCheckValue($0.kcv).agrees(with: suspect.returned) }
            if let key { causes[suspect.device] = .baseKey(key.name) }
        }
    }

    /// Another device, or another slot of the same one, that was issued what came back.
    mutating func searchOwners(in report: ReportReader, interruption: Interruption) throws {
        var owners = OwnerSearch(open)
        var device = 0
        while let row = try report.next() {
            if device.isMultiple(of: 4_096), interruption.isRequested { throw ProvisioningError.interrupted }
            if let issue = row.issue { owners.look(at: row, issue.checkValue, device: device) }
            device += 1
        }
        for (device, cause) in owners.causes { causes[device] = cause }
    }
}

/// Finds out who was issued a check value.
private struct OwnerSearch {
    /// A value that came back with so many digits, cut to the length at which it is compared.
    private struct Value: Hashable {
        var bits: UInt64
        var comparedCount: Int
        var digitCount: Int
    }

    private var owners: [Value: Owners] = [:]
    private let digitCounts: [Int]

    init(_ suspects: [MismatchSuspect]) {
        digitCounts = Set(suspects.map(\.returned.digitCount)).sorted()
        for suspect in suspects where suspect.returned.isComparable {
            let digitCount = suspect.returned.digitCount
            // What was issued may be shorter; then its length decides.
            for count in ReturnedCheckValue.leastDigitCount...digitCount {
                let bits = suspect.returned.bits(of: count)
                owners[Value(bits: bits, comparedCount: count, digitCount: digitCount), default: Owners()]
                    .suspects.append(suspect)
            }
        }
    }

    mutating func look(at row: ReportReader.Row, _ issued: ReturnedCheckValue, device: Int) {
        for digitCount in digitCounts {
            let count = min(digitCount, issued.digitCount)
            let value = Value(bits: issued.bits(of: count), comparedCount: count, digitCount: digitCount)
            guard owners[value] != nil else { continue }
            let identifier = String(decoding: row.identifier, as: UTF8.self)
            owners[value]?.add(identifier, slot: String(decoding: row.slot, as: UTF8.self), device: device)
        }
    }

    /// What each suspect may have.
    var causes: [Int: MismatchCause] {
        var causes: [Int: MismatchCause] = [:]
        for owners in owners.values {
            for suspect in owners.suspects {
                if let cause = owners.cause(of: suspect) { causes[suspect.device] = cause }
            }
        }
        return causes
    }
}

/// The devices that were issued one value.
private struct Owners {
    var suspects: [MismatchSuspect] = []
    private var count = 0
    private var first = ""
    /// Other slots of the suspects themselves.
    private var slots: [Int: String] = [:]

    mutating func add(_ identifier: String, slot: String, device: Int) {
        if count == 0 { first = slot.isEmpty ? identifier : "\(identifier) in slot \(slot)" }
        count += 1
        for suspect in suspects where suspect.device != device && suspect.identifier == identifier {
            slots[suspect.device] = slot
        }
    }

    func cause(of suspect: MismatchSuspect) -> MismatchCause? {
        if let slot = slots[suspect.device] { return .otherSlot(slot) }
        return count == 0 ? nil : count == 1 ? .otherDevice(first) : .otherDevices(count)
    }
}
