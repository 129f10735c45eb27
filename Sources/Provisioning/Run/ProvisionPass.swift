import PaymentCrypto

/// The second pass: every accepted device gets its key block, token or cryptogram and its line of the report.
struct ProvisionPass {
    let options: ProvisionOptions
    let order: KeyBlockOrder
    let names: ChunkWriter.KeyNames
    /// Nil for key blocks.
    let carrier: ReceiverKeyMaker.Carrier?
    let index: DeviceIndex
    let interruption: Interruption
    let total: Int
    let progress: @Sendable (RunProgress) -> Void

    /// What the pass leaves behind for the record.
    struct Product {
        var files: RunFiles
        var tally: RunTally
        var counts: RunRecord.Counts
        /// How many chunks there were.
        var chunks: Int
        let keeper: RunProgressKeeper
        var timings: RunRecord.Timings
    }

    private final class Worker {
        let maker: any MaterialMaker
        let writer: ChunkWriter
        var validating = StageClock()
        var making = StageClock()
        var writing = StageClock()

        init(maker: any MaterialMaker, writer: ChunkWriter) {
            self.maker = maker
            self.writer = writer
        }
    }

    /// Reads the manifest again, which must be the one that was checked.
    ///
    /// What an interrupted run has written is gone through again and not made anew.
    func run(_ checked: CheckedManifest, in place: RunWorkplace) throws -> Product {
        let look = try checked.check.beginProvisioning()
        let files = try makeFiles(place.folder, look.header, after: place.commit)
        let workers = try makeWorkers(files, look)
        let delivery = try ChunkDelivery(
            to: files, in: place, index: index, families: names.baseKeys.map(\.family),
            usesTwoThreads: options.manifest.jobs > 1
        ) { checkValueMethod($0) }
        let reading = try run(workers, look, delivery)
        try delivery.finish()
        try compare(delivery, with: checked, look)
        return Product(
            files: files, tally: delivery.tally, counts: delivery.counts, chunks: delivery.chunkCount,
            keeper: delivery.keeper, timings: Self.timings(workers, reading, delivery))
    }

    /// Returns the time that reading took.
    private func run(_ workers: [Worker], _ look: ManifestPass, _ delivery: ChunkDelivery) throws -> StageClock {
        var reading = StageClock()
        let chunks = (0..<workers.count + 4).map { _ in ProvisioningChunk(capacity: options.manifest.chunkCapacity) }
        do {
            try Pipeline(chunks: chunks, workers: workers).run(
                read: { chunk in
                    if interruption.isRequested { throw ProvisioningError.interrupted }
                    return try reading.measure { try look.reader.fill(chunk.manifest) }
                },
                work: { worker, chunk in
                    worker.writer.isRepeating = delivery.isWritten(chunk)
                    try Self.work(worker, chunk, look.validator)
                },
                deliver: { chunk in
                    try delivery.deliver(chunk)
                    progress(.provisioning(done: delivery.counts.issued, of: total))
                })
        } catch ProvisioningError.interrupted {
            try delivery.commit()
            throw ProvisioningError.interrupted
        }
        return reading
    }

    /// What was read must be what was checked.
    private func compare(_ delivery: ChunkDelivery, with checked: CheckedManifest, _ look: ManifestPass) throws {
        try look.verify(checked.result.digest)
        guard delivery.receiverSum == checked.result.receiverSum else { throw ManifestReadError.certificatesChanged }
        guard delivery.counts.issued == checked.result.acceptedDeviceCount else {
            throw ProvisioningError.manifestChanged
        }
    }

    private func makeFiles(
        _ folder: OutputFolder, _ header: ManifestHeader, after commit: JournalCommit?
    ) throws -> RunFiles {
        guard let commit else {
            return try RunFiles(
                folder, layout: options.layout, header: options.keepsGoing ? header : nil,
                ending: options.transport.fileEnding)
        }
        return try RunFiles(
            takingUp: commit, in: folder, layout: options.layout, keepsRejectedRows: options.keepsGoing,
            ending: options.transport.fileEnding)
    }

    private func checkValueMethod(_ baseKey: Int32) -> CheckValueMethod {
        options.checkValueMethod ?? order.keys.baseKeys[Int(baseKey)].map { .standard(for: $0.key.algorithm) } ?? .cmac
    }

    private func makeWorkers(_ files: RunFiles, _ look: ManifestPass) throws -> [Worker] {
        try (0..<max(1, options.manifest.jobs)).map { _ in
            Worker(
                maker: carrier.map { ReceiverKeyMaker(order, $0) } ?? KeyBlockMaker(order),
                writer: ChunkWriter(
                    layout: options.layout, names: names, header: look.header,
                    keepsRejectedRows: options.keepsGoing, files: try files.makeDeviceFiles()))
        }
    }

    private static func work(_ worker: Worker, _ chunk: ProvisioningChunk, _ validator: RowValidator) throws {
        chunk.removeAllOutput()
        worker.validating.measure { validator.examine(chunk.manifest, into: chunk.devices) }
        if !worker.writer.isRepeating { try worker.making.measure { try worker.maker.make(chunk) } }
        try worker.writing.measure { try worker.writer.write(chunk) }
    }

    private static func timings(
        _ workers: [Worker], _ reading: StageClock, _ delivery: ChunkDelivery
    ) -> RunRecord.Timings {
        var timings = RunRecord.Timings()
        timings.readSeconds = reading.seconds
        timings.validateSeconds = workers.reduce(0) { $0 + $1.validating.seconds }
        timings.cryptographySeconds = workers.reduce(0) { $0 + $1.making.seconds }
        timings.formatSeconds = workers.reduce(0) { $0 + $1.writing.seconds }
        timings.writeSeconds = delivery.clock.seconds
        timings.ledgerSeconds = delivery.indexClock.seconds
        return timings
    }
}
