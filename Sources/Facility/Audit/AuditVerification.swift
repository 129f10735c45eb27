import PaymentCrypto

/// What a look at every line of the audit log has shown.
public struct AuditVerification: Sendable, Equatable {
    /// How many lines are as this tool wrote them, from the first one on.
    public internal(set) var count = 0
    /// When the first and the last of them were written, UTC.
    public internal(set) var firstTime: String?
    /// See `firstTime`.
    public internal(set) var lastTime: String?
    /// The digest of the last of them.
    public internal(set) var head: AuditHead?
    /// What is wrong; nil where nothing is.
    public internal(set) var fault: Fault?
    /// The last events about files that are not as those events have left them.
    public internal(set) var exchanged: [AuditRecord] = []
    /// What has begun and neither ended nor goes on: the process was killed.
    public internal(set) var unfinished: [AuditRecord] = []

    /// The first thing that is not as it was written.
    public struct Fault: Sendable, Equatable {
        /// The line, counted from 1; nil where it is the log as a whole.
        public var line: Int?
        /// Lower case, without a full stop.
        public var reason: String
        /// What may have happened.
        public var hint: String?
    }
}

extension UnlockedSite {
    /// Looks at every line of the audit log: its form, its code, its number, the line before it; and at the files it tells of.
    ///
    /// - Parameter expected: a head of the log as it was once, which must still be there; a cut at the end shows by
    ///   nothing else.
    public func verifyAuditLog(expecting expected: AuditHead? = nil) throws(FacilityError) -> AuditVerification {
        var pass = AuditPass(expected: expected)
        guard try follow(&pass) else {
            if site.document.hasAuditLog == true || expected != nil {
                pass.verification.fault = .init(reason: FacilityError.missing)
            }
            return pass.verification
        }
        if pass.verification.fault == nil { pass.verification.fault = pass.loss(site) }
        if pass.verification.fault == nil { pass.verification.fault = try ledgerFault(pass.ledger) }
        if pass.verification.fault == nil { pass.verification.exchanged = try exchanged(pass.files) }
        return pass.verification
    }

    /// What is wrong with the ledger: it lacks what the log says that it had, or is not as it was written.
    ///
    /// - Throws: what says nothing of the ledger's contents: it cannot be read now, or by this version.
    private func ledgerFault(_ known: LedgerHead?) throws(FacilityError) -> AuditVerification.Fault? {
        do throws(FacilityError) {
            _ = try ledgerHead(after: known)
            try Ledger.open(site)?.verify()
            return nil
        } catch {
            if case .ledger(let failure) = error, failure.leavesContentsUnknown { throw error }
            return .init(
                reason: "\(error)", hint: "an older copy of the ledger was put in its place, or it was edited by hand")
        }
    }

    /// Goes through the log; false where there is none.
    ///
    /// Its lock is free again when this returns.
    private func follow(_ pass: inout AuditPass) throws(FacilityError) -> Bool {
        guard var lines = try openLines() else { return false }
        let key = try auditKey()
        try FacilityError.converting {
            try pass.follow(&lines, key)
            // Whoever ends now has written the end before anybody can see that it does not go on.
            try lines.stayAtEnd()
            try pass.follow(&lines, key)
            pass.verification.unfinished = pass.open.values.filter { !lines.isGoingOn($0.sequence) }
                .sorted { $0.sequence < $1.sequence }
        }
        return true
    }

    /// The last events about files that are not as they were left then.
    private func exchanged(_ files: [String: AuditRecord]) throws(FacilityError) -> [AuditRecord] {
        let folder = try Site.open(site.path)
        var suspects: [String] = []
        for (name, record) in files where try !folder.holds(record.event.writes) { suspects.append(name) }
        guard !suspects.isEmpty else { return [] }
        // Somebody may have changed one since the log was read, or be about to.
        try FacilityError.converting { try folder.lock() }
        var exchanged: [AuditRecord] = []
        for name in suspects.sorted() {
            guard let last = try lastReplacement(of: name), try !folder.holds(last.event.writes) else { continue }
            exchanged.append(last)
        }
        return exchanged
    }
}

extension SiteFolder {
    fileprivate func holds(_ replacement: AuditEvent.Replacement?) throws(FacilityError) -> Bool {
        guard let replacement, let content = try read(replacement.file) else { return false }
        return AuditEvent.Replacement(replacement.file, of: content) == replacement
    }
}
