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
                pass.verification.fault = .init(reason: "the file is missing")
            }
            return pass.verification
        }
        if pass.verification.fault == nil { pass.verification.fault = pass.loss(site) }
        if pass.verification.fault == nil { pass.verification.fault = try exchange(of: pass.files) }
        return pass.verification
    }

    /// Goes through the log; false where there is none. Its lock is free again when this returns.
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

    /// Whether a file is another one than the log's last event about it has left.
    private func exchange(of files: [String: AuditRecord]) throws(FacilityError) -> AuditVerification.Fault? {
        let folder = try Site.open(site.path)
        for (name, record) in files.sorted(by: { $0.key < $1.key }) {
            guard try !folder.holds(record.event.writes) else { continue }
            // Somebody may have changed it since the log was read, or be about to.
            try FacilityError.converting { try folder.lock() }
            let last = try lastReplacement(of: name)
            guard let last, try !folder.holds(last.event.writes) else { continue }
            return .init(
                reason: "\(name) is not the file that event \(last.sequence) wrote",
                hint: "an older copy was put in its place")
        }
        return nil
    }
}

extension SiteFolder {
    fileprivate func holds(_ replacement: AuditEvent.Replacement?) throws(FacilityError) -> Bool {
        guard let replacement, let content = try read(replacement.file) else { return false }
        return AuditEvent.Replacement(replacement.file, content) == replacement
    }
}
