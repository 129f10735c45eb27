public import Facility
import Glibc
import PaymentCrypto

/// One run: a manifest in, key blocks and a check-value report out.
public struct ProvisionRun: Sendable {
    let options: ProvisionOptions
    let directory: KeyDirectory
    let headers: HeaderPlans
    let interruption: Interruption
    let started: KeyBlockTime
    /// The same, as certificates count: every one of the run is held against this time.
    let startedMoment: Moment
    /// What the run is called in its record and in the audit log.
    public let id: String
    /// What an interrupted run was asked for that is taken up.
    let opening: JournalOpening?

    /// The key whose tokens leave without the revocation list that their form has room for.
    public var signerWithoutRevocationList: KeyName? { directory.signerWithoutRevocationList }

    /// Who began the run, and who took it up.
    var operators: [String] {
        let first = opening?.operators ?? []
        return first + options.operators.filter { !first.contains($0) }
    }

    /// What a run comes to.
    public enum Outcome: Sendable {
        /// `DIR` is there; the report has the faults of rows that were refused.
        case finished(RunRecord, CheckReport)
        /// The manifest has faults; nothing was made.
        case badManifest(CheckReport)
    }

    /// Checks everything that needs neither the manifest nor a clear key.
    ///
    /// - Parameter interrupted: a run that is taken up; it keeps its name and its time.
    /// - Throws: `HeaderOptionError`, `FacilityError` for a missing or unfit key or profile, `ProvisioningError` for a weaker
    ///   wrapping key.
    public init(
        _ options: ProvisionOptions, in site: Site, keyring: Keyring, profiles: HeaderProfiles,
        interruption: Interruption, resuming interrupted: InterruptedRun? = nil
    ) throws {
        self.options = options.limitingChunks
        self.interruption = interruption
        opening = interrupted?.opening
        try opening?.checkOptions(of: self.options)
        started = opening.flatMap { KeyBlockTime($0.started) } ?? .now
        id = interrupted?.run?.description ?? RunRecord.newID(started)
        headers = try HeaderPlans(options, of: profiles, started: started)
        startedMoment = interrupted?.opening == nil ? .now : started.moment ?? .now
        directory = try KeyDirectory(
            keyring, options, headers,
            receivers: try ReceiverRules(options, in: site, keyring, at: startedMoment), at: startedMoment)
    }

    /// Reads the manifest twice and makes the output folder.
    ///
    /// - Parameters:
    ///   - manifest: an open file, read from its beginning.
    ///   - site: opened by its custodians; asked for the keys that the manifest uses and no others.
    ///   - tokens: opens those of them that stay in a token.
    ///   - output: the folder, made but not named yet.
    ///   - interrupted: the run that is taken up, as it was given to the initialiser.
    ///   - progress: told after each chunk.
    ///   - witness: told of the moments that must be written down before the run goes on; what it throws ends the run.
    public func run(
        manifest descriptor: Int32, site: borrowing UnlockedSite, tokens: any TokenKeys,
        output: OutputFolder? = nil, resuming interrupted: InterruptedRun? = nil,
        progress: @escaping @Sendable (RunProgress) -> Void,
        witness: (RunMoment) throws -> Void = { _ in }
    ) throws -> Outcome {
        let startTime = StageClock.now()
        try directory.prepare(on: site, tokens: tokens)
        let check = CheckPass(
            options: options.manifest, site: site.site, resumed: interrupted?.run, interruption: interruption)
        let checked = try check.run(descriptor, directory, progress: progress)
        let checkSeconds = StageClock.seconds(since: startTime)
        try opening?.checkManifest(checked.result.digest)
        try directory.check(checked.pairs, headers)
        let report = CheckReport(checked.result)
        guard checked.result.isGood || options.keepsGoing && checked.result.mayKeepGoing else {
            return .badManifest(report)
        }
        try checked.result.check(expected: options.expectedManifestDigest)
        try directory.checkCheckValueOptions(options, baseKeys: Set(checked.pairs.map { Int($0.baseKey) }))
        if let interrupted, case .issued(let finished, _) = interrupted.progress {
            return .finished(try name(finished, interrupted.folder, checked, site, witness), report)
        }
        let place = try workplace(checked, output, interrupted, key: try site.runJournalKey())
        let reserveTime = StageClock.now()
        let reservation: RunReservation
        do { reservation = try reserve(checked, in: place, site) } catch let error as ProvisioningError {
            // Where somebody was faster another look names every row.
            guard case .taken = error, lseek(descriptor, 0, SEEK_SET) == 0 else { throw error }
            let found = try check.run(descriptor, directory, progress: progress).result
            guard found.isGood else { return .badManifest(CheckReport(found)) }
            throw error
        }
        let ledgerSeconds = checked.check.ledgerClock.seconds + StageClock.seconds(since: reserveTime)
        do {
            var made = try provision(checked, in: place, reservation, site, tokens, progress, witness)
            made.product.timings.checkSeconds = checkSeconds
            made.product.timings.ledgerSeconds += ledgerSeconds
            return .finished(try complete(place, made, checked, reservation, site, since: startTime, witness), report)
        } catch {
            throw place.leave(after: error) { reservation.release(because: error) }
        }
    }

    /// A new folder with its journal, or the one that is taken up.
    private func workplace(
        _ checked: CheckedManifest, _ output: OutputFolder?, _ interrupted: InterruptedRun?, key: RunJournalKey
    ) throws -> RunWorkplace {
        let opening = JournalOpening(self, checked)
        guard let interrupted, case .begun(let journal, let commit) = interrupted.progress else {
            let folder = try interrupted?.folder ?? output ?? OutputFolder(options.output)
            return try RunWorkplace(new: folder, opening, key: key)
        }
        try journal.opening.check(opening)
        return try RunWorkplace(takingUp: interrupted.folder, journal, commit)
    }

    private func reserve(
        _ checked: CheckedManifest, in place: RunWorkplace, _ site: borrowing UnlockedSite
    ) throws -> RunReservation {
        do {
            let start = try LedgerRun.Start(self, checked, output: place.folder, auditHead: try site.auditHead())
            return opening == nil
                ? try RunReservation(start, checked.claims, in: site.site)
                : try RunReservation(resuming: start, checked.claims, in: site.site)
        } catch {
            guard opening == nil else { throw error }
            throw place.leave(after: error) { RunReservation.undo(id, for: options, in: site.site, because: error) }
        }
    }

    /// Gives its name to a folder that lacks nothing else.
    private func name(
        _ finished: FinishedFolder, _ folder: OutputFolder, _ checked: CheckedManifest,
        _ site: borrowing UnlockedSite, _ witness: (RunMoment) throws -> Void
    ) throws -> RunRecord {
        let digest = checked.result.digest?.description ?? ""
        guard finished.record.manifest.sha256 == digest else {
            throw ResumeError.otherManifest(expected: finished.record.manifest.sha256, found: digest)
        }
        try finished.check(folder, interruption)
        // The log may have the line already; it has one for each run.
        if try site.outputDigest(ofRun: finished.record.runId) == nil {
            try witness(.ending(finished.record, sums: finished.sums))
        }
        try folder.finish(removing: ProgressJournal.fileName)
        return finished.record
    }

    /// The second pass, and the keys that it used.
    private struct Made {
        var product: ProvisionPass.Product
        let keys: FleetKeys
        let index: DeviceIndex
    }

    private func provision(
        _ checked: CheckedManifest, in place: RunWorkplace, _ reservation: RunReservation,
        _ site: borrowing UnlockedSite, _ tokens: any TokenKeys,
        _ progress: @escaping @Sendable (RunProgress) -> Void, _ witness: (RunMoment) throws -> Void
    ) throws -> Made {
        try witness(.beginning(RunBeginning(self, checked)))
        let keys = try FleetKeys(checked.pairs, of: directory, from: site, tokens: tokens, options: options)
        let order = KeyBlockOrder(
            keys: keys, headers: headers, checkValueMethod: options.checkValueMethod,
            checkValueByteCount: options.checkValueByteCount, tdesEngine: options.tdesEngine,
            pairCount: checked.pairs.count, chunkCapacity: options.manifest.chunkCapacity)
        let index = try DeviceIndex(
            reservation.run, baseKeys: directory.baseKeys(of: checked.pairs), of: directory, in: site.site)
        let pass = ProvisionPass(
            options: options, order: order, names: ChunkWriter.KeyNames(keys, of: directory, options: options),
            carrier: try carrier(keys), index: index, interruption: interruption,
            total: checked.result.acceptedDeviceCount, progress: progress)
        return Made(product: try pass.run(checked, in: place), keys: keys, index: index)
    }

    /// What carries a key to a public key; nil for key blocks.
    private func carrier(_ keys: FleetKeys) throws -> ReceiverKeyMaker.Carrier? {
        switch options.transport {
        case .keyBlocks: return nil
        case .cryptograms(let hash, _): return .cryptogram(hash)
        case .tokens:
            guard let sender = keys.sender else { throw FacilityError.internalFault("tokens without a sender") }
            return .token(sender, startedMoment)
        }
    }

    private func complete(
        _ place: RunWorkplace, _ made: Made, _ checked: CheckedManifest, _ reservation: RunReservation,
        _ site: borrowing UnlockedSite, since startTime: Double, _ witness: (RunMoment) throws -> Void
    ) throws -> RunRecord {
        var product = made.product
        let indexStart = StageClock.now()
        let index = try made.index.finish()
        product.timings.ledgerSeconds += StageClock.seconds(since: indexStart)
        let syncStart = StageClock.now()
        try product.keeper.commit(chunks: product.chunks, product.counts)
        product.timings.syncSeconds = StageClock.seconds(since: syncStart)
        product.timings.elapsedSeconds = StageClock.seconds(since: startTime)
        var record = RunRecord(
            self, made: product, checked: checked, keys: made.keys, environment: site.site.environment)
        let sums = try finish(&record, product, in: place.folder, auditHead: try site.auditHead())
        try reservation.issue(
            LedgerRun.Completion(
                record, sums: sums, index: index, output: place.folder, auditHead: try site.auditHead()))
        // No finished folder is without its place in the ledger and its line in the audit log.
        try witness(.ending(record, sums: sums))
        try place.folder.finish(removing: ProgressJournal.fileName)
        return record
    }

    /// Adds what is written once everything is counted; the SHA-256 of `SHA256SUMS`.
    private func finish(
        _ record: inout RunRecord, _ made: ProvisionPass.Product, in folder: OutputFolder, auditHead: AuditHead?
    ) throws -> String {
        let digests = try made.files.finishRows()
        let startTime = StageClock.now()
        let report = RunReport(
            source: RunPageSource(
                record: record, tally: made.tally, baseKeyNames: directory.entries.map(\.name.description),
                digests: digests, auditHead: auditHead?.description))
        try made.files.add(RunReport.fileName) { file in
            try report.write(to: file) { try folder.read("check-values.csv", $0) }
        }
        let seconds = StageClock.seconds(since: startTime)
        record.timings.reportSeconds = StageClock.rounded(made.tally.clock.seconds + seconds)
        record.timings.ledgerSeconds = StageClock.rounded(record.timings.ledgerSeconds)
        record.timings.elapsedSeconds = StageClock.rounded(record.timings.elapsedSeconds + seconds)
        let json = try record.json()
        try made.files.add("run.json") { try $0.write(json) }
        return try made.files.finishSums()
    }
}

/// How far a run is.
public enum RunProgress: Sendable {
    /// The first pass: devices looked at so far.
    case checking(devices: Int)
    /// The second pass: devices done, of how many.
    case provisioning(done: Int, of: Int)
    /// A finished run is looked at again: devices done, of how many.
    case verifying(done: Int, of: Int)
}
