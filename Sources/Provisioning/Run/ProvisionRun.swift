public import Facility
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

    /// The key whose tokens leave without the revocation list that their form has room for.
    public var signerWithoutRevocationList: KeyName? { directory.signerWithoutRevocationList }

    /// What a run comes to.
    public enum Outcome: Sendable {
        /// `DIR` is there; the report has the faults of rows that were refused.
        case finished(RunRecord, CheckReport)
        /// The manifest has faults; nothing was made.
        case badManifest(CheckReport)
    }

    /// Checks everything that needs neither the manifest nor a clear key.
    ///
    /// - Throws: `HeaderOptionError`, `FacilityError` for a missing or unfit key or profile, `ProvisioningError` for a weaker
    ///   wrapping key.
    public init(
        _ options: ProvisionOptions, in site: Site, keyring: Keyring, profiles: HeaderProfiles,
        interruption: Interruption
    ) throws {
        self.options = options.limitingChunks
        self.interruption = interruption
        started = .now
        id = RunRecord.newID(started)
        headers = try HeaderPlans(options, of: profiles, started: started)
        startedMoment = .now
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
    ///   - progress: told after each chunk.
    ///   - witness: told of the moments that must be written down before the run goes on; what it throws ends the run.
    public func run(
        manifest descriptor: Int32, site: borrowing UnlockedSite, tokens: any TokenKeys,
        output: OutputFolder? = nil, progress: @escaping @Sendable (RunProgress) -> Void,
        witness: (RunMoment) throws -> Void = { _ in }
    ) throws -> Outcome {
        let startTime = StageClock.now()
        try directory.prepare(on: site, tokens: tokens)
        let checked = try CheckPass(options: options.manifest, interruption: interruption)
            .run(descriptor, directory, progress: progress)
        let checkSeconds = StageClock.seconds(since: startTime)
        try directory.check(checked.pairs, headers)
        let report = CheckReport(checked.result)
        guard checked.result.isGood || options.keepsGoing && checked.result.mayKeepGoing else {
            return .badManifest(report)
        }
        try checked.result.check(expected: options.expectedManifestDigest)
        try directory.checkCheckValueOptions(options, baseKeys: Set(checked.pairs.map { Int($0.baseKey) }))
        try witness(.beginning(RunBeginning(self, checked)))
        let keys = try FleetKeys(checked.pairs, of: directory, from: site, tokens: tokens, options: options)
        let order = KeyBlockOrder(
            keys: keys, headers: headers, checkValueMethod: options.checkValueMethod,
            checkValueByteCount: options.checkValueByteCount, tdesEngine: options.tdesEngine,
            pairCount: checked.pairs.count, chunkCapacity: options.manifest.chunkCapacity)
        let folder = try output ?? OutputFolder(options.output)
        let pass = ProvisionPass(
            options: options, order: order, names: ChunkWriter.KeyNames(keys, of: directory, options: options),
            carrier: try carrier(keys), interruption: interruption, total: checked.result.acceptedDeviceCount,
            progress: progress)
        var made = try pass.run(checked, into: folder)
        made.timings.checkSeconds = checkSeconds
        let record = try complete(
            folder, made, checked, keys, environment: site.site.environment, since: startTime, witness)
        return .finished(record, report)
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
        _ folder: OutputFolder, _ made: ProvisionPass.Product, _ checked: CheckedManifest, _ keys: FleetKeys,
        environment: SiteEnvironment, since startTime: Double, _ witness: (RunMoment) throws -> Void
    ) throws -> RunRecord {
        let syncStart = StageClock.now()
        try made.files.sync()
        var made = made
        made.timings.syncSeconds = StageClock.seconds(since: syncStart)
        made.timings.elapsedSeconds = StageClock.seconds(since: startTime)
        let record = RunRecord(self, made: made, checked: checked, keys: keys, environment: environment)
        let sums = try made.files.finish(with: try record.json(), in: folder)
        // No finished folder is without its line in the audit log.
        try witness(.ending(record, sums: sums))
        try folder.finish()
        return record
    }
}

/// How far a run is.
public enum RunProgress: Sendable {
    /// The first pass: devices looked at so far.
    case checking(devices: Int)
    /// The second pass: devices done, of how many.
    case provisioning(done: Int, of: Int)
}
