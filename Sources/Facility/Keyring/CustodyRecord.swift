/// Who brought which component of a key, in which bag, and when; it stays with the key for good.
public struct CustodyRecord: Sendable, Equatable, Codable {
    /// Which component, from 1.
    public var number: Int
    /// Who brought it; nil where nobody was named, as for a component that a machine handed over.
    public var custodian: CustodyName?
    /// The serial number of the bag that it came in, if it came in one.
    public var bag: CustodyName?
    /// The component's own check value, in hexadecimal.
    public var checkValue: String
    /// When, UTC.
    public var date: String
    /// The event of the audit log that tells of it, where it is known from there only.
    public internal(set) var event: Int?

    enum CodingKeys: String, CodingKey {
        case number, custodian, bag, date
        case checkValue = "kcv"
    }

    /// A component that comes in now.
    public init(number: Int, custodian: CustodyName?, bag: CustodyName?, checkValue: String) {
        self.number = number
        self.custodian = custodian
        self.bag = bag
        self.checkValue = checkValue
        date = Timestamp.now
    }
}

extension [CustodyRecord] {
    /// Refuses whoever gave another component of this key: nobody may know two.
    ///
    /// See PCI PIN v3.1, requirements 8-2 and 21-2.4.
    public func check(custodian: CustodyName?, for number: Int) throws(CustodyError) {
        guard let custodian, let other = first(where: { $0.number != number && $0.custodian == custodian }) else {
            return
        }
        throw .sameCustodian(custodian, number: other.number, earlier: other.occasion)
    }

    /// Refuses the bag of another component of this key: whoever carried it had both.
    ///
    /// See PCI PIN v3.1, requirement 8-2.
    public func check(bag: CustodyName?, for number: Int) throws(CustodyError) {
        guard let bag, let other = first(where: { $0.number != number && $0.bag == bag }) else { return }
        throw .sameBag(bag, number: other.number, earlier: other.occasion)
    }

    /// Refuses a component whose custodian or bag brought another one.
    public func check(_ record: CustodyRecord) throws(CustodyError) {
        try check(custodian: record.custodian, for: record.number)
        try check(bag: record.bag, for: record.number)
    }
}

extension CustodyRecord {
    /// When it was, in words, for what is no part of this ceremony.
    fileprivate var occasion: String? { event.map { " at \(date) (event \($0) of the audit log)" } }
}

/// Split knowledge that would be none.
public enum CustodyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The custodian brought another component of the key.
    case sameCustodian(CustodyName, number: Int, earlier: String? = nil)
    /// The bag held another component of the key.
    case sameBag(CustodyName, number: Int, earlier: String? = nil)

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .sameCustodian(let name, let number, let earlier):
            "custodian '\(name)' gave component \(number) of this key\(earlier ?? ""), and nobody may give two"
        case .sameBag(let name, let number, let earlier):
            "bag '\(name)' held component \(number) of this key\(earlier ?? ""), and no bag may hold two"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .sameCustodian(_, _, .some): "somebody else has to bring it, or the key has to come in under another name"
        case .sameBag(_, _, .some): "another bag has to bring it, or the key has to come in under another name"
        case .sameCustodian, .sameBag: nil
        }
    }
}
