import PaymentCrypto

/// Who brought which component, as the audit log keeps it: also of a ceremony that came to nothing, since they know it now.
extension AuditEvent {
    /// Says which component is about to come in; it stays only where that came to nothing.
    public mutating func begin(component number: Int, of count: Int) {
        facts.removeAll { $0.name == Self.expected }
        add(fact: Self.expected, "\(number) of \(count)")
    }

    /// Adds who brings a component.
    public mutating func add(custodian: CustodyName?, ofComponent number: Int) {
        if let custodian { set(Self.name("custodian", number), "\(custodian)") }
    }

    /// Adds the bag that a component came in.
    public mutating func add(bag: CustodyName?, ofComponent number: Int) {
        if let bag { set(Self.name("bag", number), "\(bag)") }
    }

    /// Adds a component that came in.
    public mutating func add(_ record: CustodyRecord) {
        facts.removeAll { $0.name == Self.expected }
        let checkValue = Fact(name: Self.name("kcv", record.number), value: record.checkValue)
        let place = facts.firstIndex { $0.name.hasPrefix(Self.name("", record.number)) } ?? facts.endIndex
        facts.insert(checkValue, at: place)
        add(custodian: record.custodian, ofComponent: record.number)
        add(bag: record.bag, ofComponent: record.number)
    }

    /// Who brought which component of the event's key; of those that came in, that is have a check value.
    func custody(at time: String, event sequence: Int) -> [CustodyRecord] {
        (1...KeyComponents.maximumCount).compactMap { number in
            guard let checkValue = value(Self.name("kcv", number)) else { return nil }
            var record = CustodyRecord(
                number: number, custodian: value(Self.name("custodian", number)).flatMap { CustodyName($0) },
                bag: value(Self.name("bag", number)).flatMap { CustodyName($0) }, checkValue: checkValue)
            (record.date, record.event) = (time, sequence)
            return record
        }
    }

    private static let expected = "component"

    private static func name(_ what: String, _ number: Int) -> String { "component_\(number)_\(what)" }

    private func value(_ name: String) -> String? { facts.first { $0.name == name }?.value }

    private mutating func set(_ name: String, _ value: String) {
        guard !facts.contains(where: { $0.name == name }) else { return }
        add(fact: name, value)
    }
}

extension UnlockedSite {
    /// Who brought components of a key of this name before, whatever came of it.
    ///
    /// They know them, so they may bring the same again and no other. See PCI PIN v3.1, requirements 8-2 and 21-2.4.
    public func earlierCustody(of name: KeyName) throws(FacilityError) -> [CustodyRecord] {
        var records: [CustodyRecord] = []
        try searchAuditLog { record in
            if record.event.keys.contains(where: { $0.name == name.description && $0.role == nil }) {
                records += record.event.custody(at: record.time, event: record.sequence)
            }
            return false
        }
        return records
    }
}
