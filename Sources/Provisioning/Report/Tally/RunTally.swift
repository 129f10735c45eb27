import PaymentCrypto

/// What a run's page counts while the run goes on: devices by model and slot, their numbers, what was refused and why.
///
/// It looks at validated rows only, so a row counts whether its key is made now or was made before an interruption.
/// Memory stays flat. One owner: the stage that delivers chunks.
final class RunTally {
    private let families: [DUKPTFamily]
    private(set) var models = TextCounts()
    private(set) var slots = TextCounts()
    private(set) var keySets = KeySetTally()
    private(set) var causes = RejectionCauses()
    private(set) var pace = RunPace()
    private var deviceCount = 0
    /// How long it took.
    private(set) var clock = StageClock()

    /// - Parameters:
    ///   - families: of the base keys, by their indices in ``ManifestKeys``.
    init(families: [DUKPTFamily]) {
        self.families = families
    }

    func add(_ chunk: ProvisioningChunk) {
        clock.measure { count(chunk) }
    }

    private func count(_ chunk: ProvisioningChunk) {
        let devices = chunk.devices
        models.add(devices.model, of: chunk)
        slots.add(devices.slot, of: chunk)
        keySets.add(devices, families)
        for fault in devices.faults { causes.add(fault, line: chunk.manifest.rows[fault.row].line) }
        deviceCount += devices.count
        pace.note(devices: deviceCount)
    }
}
