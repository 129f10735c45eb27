public import PaymentCrypto

/// A component that comes in by itself: which one it is, and what is said of the key that it belongs to.
public struct ComponentPlan: Sendable {
    /// The key's name.
    public var name: KeyName
    /// The cipher and length of the key.
    public var algorithm: KeyAlgorithm
    /// Which component it is, from 1.
    public var number: Int
    /// How many components the key has.
    public var count: Int
    /// What the key will be allowed to do.
    public var header: KeyBlockHeader
    /// The check value that the key must have, where one is given today.
    public var expectedCheckValue: ExpectedCheckValue?

    /// The description of a component.
    public init(
        name: KeyName, algorithm: KeyAlgorithm, number: Int, of count: Int, header: KeyBlockHeader,
        expectedCheckValue: ExpectedCheckValue?
    ) {
        self.name = name
        self.algorithm = algorithm
        self.number = number
        self.count = count
        self.header = header
        self.header.version = .d
        self.expectedCheckValue = expectedCheckValue
    }
}

/// What became of a component.
public enum ComponentOutcome: Sendable {
    /// It waits for the others.
    case waiting(WaitingKey)
    /// It was the last one: the key is there, and no component waits any more.
    case complete(KeyringEntry, evenParityByteCount: Int)
}

extension UnlockedSite {
    /// Takes in one component of a key; the last one to come makes the key of all of them.
    ///
    /// All happens in one change of the keyring: after a crash it is as it was, or it is done.
    ///
    /// - Parameter token: keeps the key that is complete; nil for the keyring.
    /// - Throws: `FacilityError`, and what `token` throws; then the token has to forget the key again.
    public func add(
        _ component: borrowing KeyComponent, as plan: ComponentPlan, custody: CustodyRecord,
        keptBy token: (any TokenKeeper)? = nil, recording event: inout AuditEvent
    ) throws -> ComponentOutcome {
        try site.checkComponentCount(plan.count)
        var outcome: ComponentOutcome?
        try changeKeyring(recording: &event) { keyring, event in
            var waiting = try keyring.place(for: plan)
            try FacilityError.converting { try waiting.custody.check(custody) }
            let components = try collect(component, plan.number, waiting)
            if waiting.missing == [plan.number] {
                outcome = try complete(waiting, components, custody, keptBy: token, in: &keyring, &event)
            } else {
                waiting.add(try makeWaiting(component, custody, waiting.header))
                keyring.keep(waiting)
                event.add(fact: "waits", waiting.statement)
                outcome = .waiting(waiting)
            }
        }
        guard let outcome else { throw FacilityError.internalFault("a component came to nothing") }
        return outcome
    }

    /// The components that wait, and the new one, in the order of their numbers; equal ones are refused.
    private func collect(
        _ component: borrowing KeyComponent, _ number: Int, _ waiting: WaitingKey
    ) throws(FacilityError) -> KeyComponents {
        let protectionKey = try keyBlockProtectionKey()
        var components = KeyComponents(algorithm: waiting.algorithm)
        try FacilityError.converting {
            for other in waiting.components {
                let opened = try KeyBlock.open(other.keyBlock, under: protectionKey, strictness: .lenient)
                try components.add(KeyComponent(waiting: try opened.takeKey()), number: other.custody.number)
            }
            try components.add(component, number: number)
        }
        return components
    }

    private func makeWaiting(
        _ component: borrowing KeyComponent, _ custody: CustodyRecord, _ header: KeyBlockHeader
    ) throws(FacilityError) -> WaitingKey.Component {
        guard let version = KeyVersionNumber(component: custody.number) else {
            throw .internalFault("component \(custody.number) cannot wait")
        }
        var header = header
        header.keyVersion = version
        let protectionKey = try keyBlockProtectionKey()
        let block = try FacilityError.converting {
            try component.withKey { key in try KeyBlock.wrap(key, header: header, under: protectionKey) }
        }
        return WaitingKey.Component(custody: custody, keyBlock: block)
    }

    private func complete(
        _ waiting: WaitingKey, _ components: borrowing KeyComponents, _ last: CustodyRecord,
        keptBy token: (any TokenKeeper)?, in keyring: inout Keyring, _ event: inout AuditEvent
    ) throws -> ComponentOutcome {
        let key = try FacilityError.converting { try components.combine() }
        if let expected = waiting.expectedCheckValue {
            try FacilityError.converting { try expected.check(key) }
        }
        try checkMayKeep(key)
        try checkSize(of: waiting.name, waiting.header, key.effectiveAlgorithm)
        let custody = (waiting.custody + [last]).sorted { $0.number < $1.number }
        let undertaking = try begin(&event, with: token)
        let entry = try makeEntry(
            key,
            NewKey(
                name: waiting.name, header: waiting.header, origin: "\(waiting.count) components", custody: custody),
            keptBy: token)
        try keyring.remove(waiting.name)
        try keyring.add(entry)
        event.add(entry)
        event.add(fact: "origin", entry.origin)
        withExtendedLifetime(undertaking) {}
        return .complete(entry, evenParityByteCount: key.evenParityByteCount)
    }
}

extension Keyring {
    /// What there is of the key that a component belongs to, once it is sure that it belongs there.
    public func place(for plan: ComponentPlan) throws(FacilityError) -> WaitingKey {
        try checkHasNoKey(plan.name)
        guard var waiting = waitingKey(plan.name) else {
            var waiting = WaitingKey(
                name: plan.name, algorithm: plan.algorithm, count: plan.count, header: plan.header)
            waiting.expectedCheckValue = plan.expectedCheckValue
            return waiting
        }
        try waiting.checkAgrees(with: plan)
        guard waiting.missing.contains(plan.number) else {
            throw .componentExists(plan.name, number: plan.number)
        }
        try waiting.expect(plan.expectedCheckValue)
        return waiting
    }
}

extension WaitingKey {
    /// Refuses a component that comes with other options than the first one did.
    fileprivate func checkAgrees(with plan: ComponentPlan) throws(FacilityError) {
        let pairs = [
            ("usage", header.keyUsage.description, plan.header.keyUsage.description),
            ("algorithm", algorithm.rawValue, plan.algorithm.rawValue),
            ("number of components", "\(count)", "\(plan.count)"),
            ("mode of use", header.modeOfUse.description, plan.header.modeOfUse.description),
            ("exportability", header.exportability.description, plan.header.exportability.description),
            ("key version", header.keyVersion.description, plan.header.keyVersion.description),
            ("optional blocks", Self.text(header.optionalBlocks), Self.text(plan.header.optionalBlocks)),
        ]
        if let (option, expected, found) = pairs.first(where: { $0.1 != $0.2 }) {
            throw .componentOption(option, expected: expected, found: found)
        }
    }

    /// Remembers the check value that the key must have; one from another day must not contradict it.
    fileprivate mutating func expect(_ new: ExpectedCheckValue?) throws(FacilityError) {
        guard let new else { return }
        guard let earlier = expectedCheckValue else { return expectedCheckValue = new }
        guard let merged = earlier.merged(with: new) else {
            throw .componentOption("expected check value", expected: "\(earlier)", found: "\(new)")
        }
        expectedCheckValue = merged
    }

    private static func text(_ blocks: [OptionalBlock]) -> String {
        blocks.isEmpty ? "none" : blocks.map { "\($0.id)=\($0.data)" }.joined(separator: " ")
    }
}
