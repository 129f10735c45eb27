import ArgumentParser
import Facility
import PaymentCrypto

extension KeyImportCommand {
    /// Takes in today's components: all of them, or one that waits for the others.
    func importComponents(_ count: Int, _ keeper: KeyKeeper) throws {
        guard let usage = components.usage, let algorithm = components.algorithm else { return }
        var keeper = keeper
        let site = try global.readSite()
        try site.checkComponentCount(count)
        let waiting = try site.keyring().waitingKey(name)
        let header = try header.header(usage: usage, algorithm: algorithm, over: waiting?.header, keeper: &keeper)
        let entry = ComponentEntry(
            key: name, algorithm: algorithm, count: count, options: components,
            needsBag: site.environment == .production, console: global.console)
        if let number = components.number {
            let plan = ComponentPlan(
                name: name, algorithm: algorithm, number: number, of: count, header: header,
                expectedCheckValue: expectedCheckValue)
            return try importComponent(plan, entry, keeper)
        }
        var reader = global.passphrases
        let unlocked = try global.unlockSite(with: &reader)
        var gathered = KeyComponents(algorithm: algorithm)
        var custody: [CustodyRecord] = []
        try entry.read(asking: &reader.prompts) { component, record in
            try gathered.add(component, number: record.number)
            custody.append(record)
        }
        let key = try gathered.combine()
        keeper.say(evenParityByteCount: key.evenParityByteCount, of: algorithm)
        let new = UnlockedSite.NewKey(
            name: name, header: header, origin: count == 1 ? "1 component" : "\(count) components", custody: custody)
        try keeper.keep(key, as: new, in: unlocked)
    }

    /// Takes in one component; the last one makes the key.
    private func importComponent(_ plan: ComponentPlan, _ entry: ComponentEntry, _ keeper: KeyKeeper) throws {
        var keeper = keeper
        // Known from the clear part of the keyring, before anybody is asked for a passphrase.
        _ = try global.readSite().keyring().place(for: plan)
        var reader = global.passphrases
        let site = try global.unlockSite(with: &reader)
        let known = try site.keyring().place(for: plan).custody
        var outcome: ComponentOutcome?
        try entry.read(asking: &reader.prompts, after: known) { component, record in
            outcome = try site.add(component, as: plan, custody: record)
        }
        switch outcome {
        case .waiting(let key):
            global.console.notice("component \(plan.number) of key '\(name)' is in the keyring; \(key.statement)")
            if global.json { try global.console.write(WaitingKeyReport(key)) }
        case .complete(let key, let evenParityByteCount):
            keeper.say(evenParityByteCount: evenParityByteCount, of: plan.algorithm)
            try keeper.report(key)
        case nil: break
        }
    }
}
