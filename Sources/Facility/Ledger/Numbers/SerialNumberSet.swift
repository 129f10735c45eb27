public import PaymentCrypto

/// Consecutive initial key serial numbers, both ends included.
public struct SerialNumberRange: Hashable, Sendable, CustomStringConvertible {
    /// The first device's.
    public let first: InitialKeySerialNumber
    /// The last device's.
    public let last: InitialKeySerialNumber
    /// How many devices there are.
    public let count: Int

    /// `first-last`, or one number where it is only one.
    public var description: String { count == 1 ? "\(first)" : "\(first)-\(last)" }
}

/// Initial key serial numbers under one base derivation key, without order and without doubles.
///
/// Neighbours cost nothing; scattered ones about six bytes each. Neighbours are 32 apart in the leading 64 bits of TDES
/// numbers (X9.24-1:2009 A.6), and 1 apart in those of AES numbers (X9.24-3:2017 6.3.1).
public struct SerialNumberSet: Equatable, Sendable {
    /// TDES or AES.
    public let family: DUKPTFamily
    let numbers: NumberSet

    init(family: DUKPTFamily, numbers: NumberSet) {
        (self.family, self.numbers) = (family, numbers)
    }

    /// A set of some numbers; those of the other family are left out.
    public init(family: DUKPTFamily, _ members: some Sequence<InitialKeySerialNumber>) {
        let places = members.filter { $0.family == family }.map(\.place).sorted()
        self.init(family: family, numbers: NumberSet(runs: places.map { NumberRun(first: $0, last: $0) }))
    }

    /// Whether there is none.
    public var isEmpty: Bool { numbers.isEmpty }

    /// How many there are.
    public var count: Int { numbers.count }

    /// Whether a number is there.
    public func contains(_ number: InitialKeySerialNumber) -> Bool {
        number.family == family && numbers.contains(number.place)
    }

    /// The least number that is there among `count` consecutive ones; nil where none of them is.
    public func first(from number: InitialKeySerialNumber, count: Int) -> InitialKeySerialNumber? {
        guard number.family == family, count > 0 else { return nil }
        let (last, overflows) = number.place.addingReportingOverflow(UInt64(count) - 1)
        let found = numbers.first(in: NumberRun(first: number.place, last: overflows ? .max : last))
        return found.map { InitialKeySerialNumber(place: $0, family: family) }
    }

    /// All numbers as ranges, ascending; none of them touches the next one.
    public var ranges: some Sequence<SerialNumberRange> {
        let family = family
        return numbers.runs.lazy.map { SerialNumberRange($0, family) }
    }

    /// The numbers that are in both.
    public func intersection(_ other: SerialNumberSet) -> SerialNumberSet {
        guard family == other.family else { return SerialNumberSet(family: family, numbers: NumberSet()) }
        return SerialNumberSet(family: family, numbers: numbers.intersection(other.numbers))
    }

    /// The numbers that are not in the other one.
    public func subtracting(_ other: SerialNumberSet) -> SerialNumberSet {
        guard family == other.family else { return self }
        return SerialNumberSet(family: family, numbers: numbers.subtracting(other.numbers))
    }
}

extension SerialNumberRange {
    init(_ run: NumberRun, _ family: DUKPTFamily) {
        first = InitialKeySerialNumber(place: run.first, family: family)
        last = InitialKeySerialNumber(place: run.last, family: family)
        count = run.count
    }
}

extension InitialKeySerialNumber {
    /// The device's place in the line of all devices: neighbours differ by one, whatever the family.
    var place: UInt64 { leading >> Self.counterBits(family) }

    init(place: UInt64, family: DUKPTFamily) {
        self.init(family: family, leading: place << Self.counterBits(family))
    }

    /// How many bits of the counter reach into the leading 8 bytes.
    static func counterBits(_ family: DUKPTFamily) -> UInt64 { family == .tdes ? 5 : 0 }
}
