import ArgumentParser
import Facility
import PaymentCrypto

extension KeyImportCommand {
    /// Takes in today's components: all of them, or one that waits for the others.
    func importComponents(_ count: Int, _ keeper: KeyKeeper) throws {
        guard let usage = components.usage, let algorithm = components.algorithm else { return }
        var keeper = keeper
        let site = try global.readSite()
        var earlier = components.number == nil ? nil : try site.keyring().waitingKey(name)?.header
        // Another usage is refused below, and by its own name.
        if earlier?.keyUsage != usage { earlier = nil }
        let header = try header.header(usage: usage, algorithm: algorithm, over: earlier, keeper: &keeper)
        let entry = ComponentEntry(
            key: name, algorithm: algorithm, count: count, options: components,
            needsBag: site.environment == .production, console: global.console)
        guard let number = components.number else { return try importAll(entry, header, keeper) }
        let plan = ComponentPlan(
            name: name, algorithm: algorithm, number: number, of: count, header: header,
            expectedCheckValue: expectedCheckValue)
        // Known from the clear part of the keyring, before anybody is asked for a passphrase.
        _ = try site.keyring().place(for: plan)
        try importOne(plan, entry, keeper)
    }

    private func importAll(_ entry: ComponentEntry, _ header: KeyBlockHeader, _ keeper: KeyKeeper) throws {
        var keeper = keeper
        var reader = global.passphrases
        let opened = try global.unlockSite(with: &reader)
        let report = try global.audited("key import", in: opened) { site, event in
            event.add(name)
            try site.site.checkComponentCount(entry.count)
            var gathered = KeyComponents(algorithm: entry.algorithm)
            var custody: [CustodyRecord] = []
            try entry.read(asking: &reader.prompts) { component, record in
                event.add(record)
                try gathered.add(component, number: record.number)
                custody.append(record)
            }
            let key = try gathered.combine()
            let new = UnlockedSite.NewKey(
                name: name, header: header, origin: entry.count == 1 ? "1 component" : "\(entry.count) components",
                custody: custody)
            let report = try keeper.keep(key, as: new, in: site, &event)
            keeper.say(evenParityByteCount: key.evenParityByteCount, of: entry.algorithm)
            return report
        }
        try keeper.show(report)
    }

    /// Takes in one component; the last one makes the key.
    private func importOne(_ plan: ComponentPlan, _ entry: ComponentEntry, _ keeper: KeyKeeper) throws {
        var reader = global.passphrases
        let opened = try global.unlockSite(with: &reader)
        let outcome = try global.audited("key import", in: opened) { site, event in
            event.add(name)
            var outcome: ComponentOutcome?
            try entry.read(asking: &reader.prompts, after: try site.keyring().place(for: plan).custody) {
                component, record in
                event.add(record)
                outcome = try keeper.allOrNothing {
                    try site.add(component, as: plan, custody: record, keptBy: keeper.token, recording: &event)
                }
            }
            return outcome
        }
        if let outcome { try show(outcome, of: plan, keeper) }
    }

    private func show(_ outcome: ComponentOutcome, of plan: ComponentPlan, _ keeper: KeyKeeper) throws {
        var keeper = keeper
        switch outcome {
        case .waiting(let key):
            global.console.notice("component \(plan.number) of key '\(name)' is in the keyring; \(key.statement)")
            if global.json { try global.console.write(WaitingKeyReport(key)) }
        case .complete(let key, let evenParityByteCount):
            keeper.say(evenParityByteCount: evenParityByteCount, of: plan.algorithm)
            try keeper.show(KeyReport(key))
        }
    }
}

extension AuditEvent {
    /// Adds who brought which component; also of a ceremony that came to nothing, since they know it now.
    fileprivate mutating func add(_ record: CustodyRecord) {
        add(fact: "component_\(record.number)_kcv", record.checkValue)
        if let custodian = record.custodian { add(fact: "component_\(record.number)_custodian", "\(custodian)") }
        if let bag = record.bag { add(fact: "component_\(record.number)_bag", "\(bag)") }
    }
}
