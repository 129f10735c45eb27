import PaymentCrypto

extension UnlockedSite {
    /// Appends an event to the audit log; once this returns it is on disk.
    ///
    /// Other processes wait for each other. Refused where the end of the log is not as this tool left it.
    public func record(_ event: AuditEvent) throws(FacilityError) -> AuditHead {
        let head = try append(event, to: try openLog()).head
        try markAsLogged()
        return head
    }

    /// Records that something begins which may change more than the site's own files.
    ///
    /// Its end is another event, whose `undertaking` is this one's digest. A begin without an end shows that the process was
    /// killed, unless what is returned is still there.
    public func begin(_ event: AuditEvent) throws(FacilityError) -> Undertaking {
        let log = try openLog()
        let line = try append(event, to: log)
        try markAsLogged()
        return Undertaking(line, in: log)
    }

    /// Refuses a log whose end is not as this tool left it, before something is done that could not be recorded.
    public func checkAuditLog() throws(FacilityError) {
        _ = try ledgerHead(after: try chain(try openLog()).last?.ledger)
    }

    /// The ledger as it is; refused where it lacks what the log's last line says that it had.
    ///
    /// The log is locked meanwhile, so that from line to line the ledger only grows.
    func ledgerHead(after known: LedgerHead?) throws(FacilityError) -> LedgerHead? {
        guard let ledger = try Ledger.open(site) else {
            guard let known else { return nil }
            throw .ledger(
                .rolledBack(path: "\(site.path)/\(LedgerFile.fileName)", expected: known, found: .empty))
        }
        if let known { try ledger.check(has: known) }
        return try ledger.head()
    }

    /// The digest of the log's last line; nil where there is none yet.
    public func auditHead() throws(FacilityError) -> AuditHead? { try chain(try openLog()).last?.head }

    /// The end of the chain, to which the next line is bound.
    private struct Chain {
        var last: (sequence: Int, head: AuditHead, ledger: LedgerHead?)?
        /// What to do about bytes after the last whole line, and to say about it.
        var repair = Repair.none

        enum Repair {
            case none
            case begin
            case end
            case cut([UInt8])
        }
    }

    /// Appends a line; the caller sees to it that a site older than the log has one from now on.
    func append(
        _ event: AuditEvent, to log: borrowing AuditLog
    ) throws(FacilityError) -> (sequence: Int, head: AuditHead) {
        let chain = try chain(log)
        var event = event
        let lineEnd = try FacilityError.converting { try mend(log, chain.repair, &event) }
        let key = try auditKey()
        let last = chain.last.map { (sequence: $0.sequence, head: $0.head) }
        let next = AuditLine(event, after: last, ledger: try ledgerHead(after: chain.last?.ledger))
        let line = try next.encode(under: key)
        guard line.count < AuditLog.maximumLineLength else { throw .internalFault("an audit event is too long") }
        try FacilityError.converting { try log.append(lineEnd + line + [UInt8(ascii: "\n")]) }
        return (next.sequence, try AuditHead(of: line))
    }

    /// Cuts off what is no line, and says in the event what was found.
    ///
    /// - Returns: the end that the last line has lost, which is written together with the next line.
    private func mend(
        _ log: borrowing AuditLog, _ repair: Chain.Repair, _ event: inout AuditEvent
    ) throws(FileFailure) -> [UInt8] {
        switch repair {
        case .none: break
        case .begin:
            event.add(fact: "audit_log", "begun here: the site is older than its log")
            try log.cut(to: 0)
        case .end:
            event.add(fact: "audit_log", "the line before had lost its end")
            return [UInt8(ascii: "\n")]
        case .cut(let torn):
            event.add(fact: "audit_log", "\(torn.count) bytes of a line without an end were cut off")
            event.add(fact: "audit_log_cut_sha256", Hexadecimal.text(ContentDigest.sha256(torn)))
            try log.cut(to: try log.byteCount() - torn.count)
        }
        return []
    }

    func auditKey() throws(FacilityError) -> AuthenticationKey {
        try FacilityError.converting { try masterKey.authenticationKey(.auditLog) }
    }

    func openLog() throws(FacilityError) -> AuditLog {
        guard let log = try openLog(for: site.document.hasAuditLog == true ? .appending : .beginning) else {
            throw .damaged(file: "\(site.path)/\(AuditLog.fileName)", reason: FacilityError.missing)
        }
        return log
    }

    func openLog(for purpose: AuditLog.Purpose) throws(FacilityError) -> AuditLog? {
        try AuditLog(in: try Site.open(site.path), for: purpose)
    }

    private func chain(_ log: borrowing AuditLog) throws(FacilityError) -> Chain {
        let path = log.path
        let tail: AuditTail?
        do throws(FileFailure) { tail = try AuditTail(of: log) } catch { throw .file(error) }
        guard let tail else { throw .damaged(file: path, reason: "the last line is longer than any event") }
        let key = try auditKey()
        var last: (sequence: Int, head: AuditHead, ledger: LedgerHead?)?
        if let line = tail.line {
            last = try Self.link(line, key)
            guard last != nil else {
                throw .damaged(file: path, reason: "the last line was not written under this site's master key")
            }
        }
        // A line of which only the end is missing happened as it says.
        if let torn = try Self.link(tail.torn, key), torn.sequence == (last?.sequence ?? 0) &+ 1 {
            return Chain(last: torn, repair: .end)
        }
        guard last != nil || site.document.hasAuditLog != true else {
            throw .damaged(file: path, reason: "the file has lost its first line")
        }
        if last == nil { return Chain(last: nil, repair: .begin) }
        return Chain(last: last, repair: tail.torn.isEmpty ? .none : .cut(tail.torn))
    }

    private static func link(
        _ line: [UInt8], _ key: borrowing AuthenticationKey
    ) throws(FacilityError) -> (sequence: Int, head: AuditHead, ledger: LedgerHead?)? {
        guard try AuditLine.isGenuine(line[...], under: key) == true, let parsed = AuditLine(line[...]) else {
            return nil
        }
        return (parsed.sequence, try AuditHead(of: line), parsed.ledger)
    }

    /// A site older than the log has one from now on, which may not go missing.
    func markAsLogged() throws(FacilityError) {
        guard site.document.hasAuditLog != true else { return }
        _ = try rewrite { (_: SealedMasterKey, document: inout SiteDocument) in document.hasAuditLog = true }
    }
}
