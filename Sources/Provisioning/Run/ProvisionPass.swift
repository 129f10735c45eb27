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
        let (folder, commit) = (place.folder, place.commit)
        let look = try checked.check.beginProvisioning()
        let files = try makeFiles(folder, look.header, after: commit)
        let keeper = RunProgressKeeper(place.journal, files, last: commit)
        let (written, repeated) = (commit?.chunks ?? 0, try commit.map { _ in try RepeatedReport(in: folder) })
        let workers = try makeWorkers(files, look)
        let chunks = (0..<workers.count + 4).map { _ in ProvisioningChunk(capacity: options.manifest.chunkCapacity) }
        var counts = RunRecord.Counts()
        let tally = RunTally(families: names.baseKeys.map(\.family))
        var (receiverSum, chunkCount): (UInt64, Int) = (0, 0)
        var (reading, delivering) = (StageClock(), StageClock())
        let pipeline = Pipeline(chunks: chunks, workers: workers)
        let run = {
            try pipeline.run(
                read: { chunk in
                    if interruption.isRequested { throw ProvisioningError.interrupted }
                    return try reading.measure { try look.reader.fill(chunk.manifest) }
                },
                work: { worker, chunk in
                    worker.writer.isRepeating = chunk.manifest.index < written
                    try Self.work(worker, chunk, look.validator)
                },
                deliver: { chunk in
                    counts.issued += chunk.issuedCount
                    counts.rejected += chunk.rejectedCount
                    receiverSum &+= chunk.devices.receiverSum
                    chunkCount += 1
                    try delivering.measure {
                        if chunkCount <= written {
                            try repeated?.read(into: chunk, method: checkValueMethod)
                            if chunkCount == written { try repeated?.finish() }
                        } else {
                            try files.write(chunk)
                            try keeper.chunkWritten(chunks: chunkCount, counts)
                        }
                        try index.append(chunk)
                        tally.add(chunk)
                    }
                    progress(.provisioning(done: counts.issued, of: total))
                })
        }
        do { try run() } catch ProvisioningError.interrupted {
            // There is time for it, and less to do again.
            if chunkCount > written { try keeper.commit(chunks: chunkCount, counts) }
            throw ProvisioningError.interrupted
        }
        guard chunkCount >= written else { throw ProvisioningError.manifestChanged }
        try look.verify(checked.result.digest)
        guard receiverSum == checked.result.receiverSum else { throw ManifestReadError.certificatesChanged }
        counts.devices = counts.issued + counts.rejected
        guard counts.issued == checked.result.acceptedDeviceCount else { throw ProvisioningError.manifestChanged }
        return Product(
            files: files, tally: tally, counts: counts, chunks: chunkCount, keeper: keeper,
            timings: Self.timings(workers, reading, delivering))
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
        _ workers: [Worker], _ reading: StageClock, _ delivering: StageClock
    ) -> RunRecord.Timings {
        var timings = RunRecord.Timings()
        timings.readSeconds = reading.seconds
        timings.validateSeconds = workers.reduce(0) { $0 + $1.validating.seconds }
        timings.cryptographySeconds = workers.reduce(0) { $0 + $1.making.seconds }
        timings.formatSeconds = workers.reduce(0) { $0 + $1.writing.seconds }
        timings.writeSeconds = delivering.seconds
        return timings
    }
}
