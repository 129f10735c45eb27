import Facility
import PaymentCrypto

/// A run's serial numbers in the ledger: taken before any key is made, and issued or given back at its end.
struct RunReservation: Sendable {
    let run: RunIdentifier
    private let ledger: Ledger
    private let operators: [OperatorName]

    /// Takes all numbers of a run, or none.
    ///
    /// - Throws: `ProvisioningError.taken` where another run has taken one since the manifest was checked.
    init(_ start: LedgerRun.Start, _ claims: [LedgerClaim], in site: Site) throws {
        ledger = try Ledger.openOrMake(site)
        (run, operators) = (start.identifier, start.operators)
        guard case .refused(let conflicts) = try ledger.reserve(start, claims, telling: 1) else { return }
        guard let first = conflicts.first.first else {
            throw FacilityError.internalFault("the ledger refuses a run without a reason")
        }
        throw ProvisioningError.taken(first.number, by: first.run, count: conflicts.count)
    }

    /// Sees to it that a run whose reservation has failed has no number.
    ///
    /// A commit whose last flush fails is told as an error, and is there.
    ///
    /// - Returns: whether it has none; false where the ledger cannot be asked.
    static func undo(_ id: String, for options: ProvisionOptions, in site: Site, because error: any Error) -> Bool {
        guard let run = RunIdentifier(id) else { return true }
        do {
            guard let ledger = try Ledger.open(site), try ledger.state(of: run) == .reserved else { return true }
            let operators = options.operators.compactMap { OperatorName($0) }
            return RunReservation(run: run, ledger: ledger, operators: operators).release(because: error)
        } catch {
            return false
        }
    }

    private init(run: RunIdentifier, ledger: Ledger, operators: [OperatorName]) {
        (self.run, self.ledger, self.operators) = (run, ledger, operators)
    }

    /// The numbers of a run that was interrupted: taken by it, or now.
    init(resuming start: LedgerRun.Start, _ claims: [LedgerClaim], in site: Site) throws {
        guard let ledger = try Ledger.open(site), try ledger.state(of: start.identifier) == .reserved else {
            try self.init(start, claims, in: site)
            return
        }
        self.init(run: start.identifier, ledger: ledger, operators: start.operators)
        let (taken, wanted) = (
            try ledger.run(run).numbers.reduce(0) { $0 + $1.count },
            claims.reduce(0) { $0 + $1.numbers.count + $1.reissued.count }
        )
        guard taken == wanted else {
            throw ResumeError.different(
                what: "a number of key serial numbers", expected: "\(taken)", found: "\(wanted)")
        }
    }

    /// Notes that all keys are on disk; from now on the numbers are never given back.
    func issue(_ completion: LedgerRun.Completion) throws(FacilityError) {
        try ledger.issue(run, completion)
    }

    /// Gives the numbers of a run back that has left nothing behind.
    ///
    /// Those of a run whose keys were on disk are retired. Where the ledger cannot be written they stay reserved: no
    /// number is ever in use twice, and `ipek ledger void` gives them back later.
    ///
    /// - Returns: whether they are given back.
    func release(because error: any Error) -> Bool {
        let reason = error as? ProvisioningError == .interrupted ? "interrupted" : "the run failed: \(error)"
        return (try? ledger.void(run, LedgerRun.Voiding(reason: reason, operators: operators))) != nil
    }
}

extension LedgerRun.Start {
    /// What the ledger keeps of a run whose manifest is checked.
    init(_ run: ProvisionRun, _ checked: CheckedManifest, output: OutputFolder, auditHead: AuditHead?) throws {
        guard let identifier = RunIdentifier(run.id), let digest = checked.result.digest else {
            throw FacilityError.internalFault("a run without a name or a manifest")
        }
        self.init(identifier: identifier, kind: .run, started: run.started.recordText)
        let options = run.options
        operators = options.operators.compactMap { OperatorName($0) }
        (note, again) = (options.note, options.manifest.again)
        manifest = LedgerRun.Manifest(name: options.manifest.name, sha256: digest)
        let beginning = RunBeginning(run, checked)
        keys =
            beginning.baseKeys.map { LedgerRun.Key($0, as: .baseDerivation) }
            + beginning.protectionKeys.map { LedgerRun.Key($0, as: .protection) }
        self.output = output.absolutePath
        devices = checked.result.acceptedDeviceCount + checked.result.rejectedRowCount
        rejected = checked.result.rejectedRowCount
        self.auditHead = auditHead
    }
}

extension LedgerRun.Key {
    init(_ entry: KeyringEntry, as role: Role) {
        self.init(
            role: role, name: entry.name.description, algorithm: entry.algorithm.reportName, kcv: entry.checkValue,
            fingerprint: role == .baseDerivation ? entry.fingerprint : nil)
    }
}

extension LedgerRun.Completion {
    /// What the ledger keeps of a run whose folder is on disk.
    init(
        _ record: RunRecord, sums: String, index: RunIndexSeal, output: OutputFolder, auditHead: AuditHead?
    ) {
        self.init(ended: record.ended, issued: record.counts.issued, rejected: record.counts.rejected)
        self.sums = SHA256Digest(sums)
        (self.index, self.output, self.auditHead) = (index, output.absolutePath, auditHead)
    }
}
