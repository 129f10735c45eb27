import PaymentCrypto

/// One way through the log, from its first line to its last.
struct AuditPass {
    var verification = AuditVerification()
    /// What has begun and not ended yet, by the digest of the line that says so.
    var open: [AuditHead: AuditRecord] = [:]
    /// The last event that replaced a file, by the file's name.
    var files: [String: AuditRecord] = [:]
    /// The ledger as the last line has it.
    var ledger: LedgerHead?
    private let expected: AuditHead?
    private var isExpectedThere: Bool

    init(expected: AuditHead?) {
        self.expected = expected
        isExpectedThere = expected == nil
    }

    mutating func follow(_ lines: inout AuditLines, _ key: borrowing AuthenticationKey) throws {
        while verification.fault == nil, let line = try lines.next() {
            verification.fault = try follow(line, key)
            isExpectedThere = isExpectedThere || verification.head == expected
        }
    }

    /// Goes one line further, or says what is wrong with it.
    private mutating func follow(
        _ line: AuditLines.Line, _ key: borrowing AuthenticationKey
    ) throws(FacilityError) -> AuditVerification.Fault? {
        guard line.isEnded else {
            return fault(
                "the line has no end", hint: "a crash leaves this, and so does a cut; the next event cuts it off")
        }
        guard let isGenuine = try AuditLine.isGenuine(line.bytes, under: key) else {
            return fault("the line has not the form of an event")
        }
        guard isGenuine, let link = AuditLine.Link(line.bytes) else {
            return fault("the line was changed, or not written under this site's master key")
        }
        guard link.sequence == verification.count + 1 else {
            return fault("expected event \(verification.count + 1), found event \(link.sequence)", hint: Self.moved)
        }
        guard link.previous == verification.head?.description ?? AuditLine.noPrevious else {
            return fault("the line before is not the one that this line followed", hint: Self.moved)
        }
        let head = try AuditHead(of: line.bytes)
        verification.add(link, head)
        note(link, head, line.bytes)
        return nil
    }

    private mutating func note(_ link: AuditLine.Link, _ head: AuditHead, _ line: ArraySlice<UInt8>) {
        if link.action.hasSuffix(Undertaking.actionEnd) { open[head] = AuditRecord(line) }
        if let undertaking = link.undertaking { open[undertaking] = nil }
        // A run that was killed and taken up again has begun more than once.
        if !open.isEmpty, let end = AuditRecord(line), end.event.result == .done, let run = end.runID,
            !link.action.hasSuffix(Undertaking.actionEnd)
        {
            open = open.filter { $0.value.runID != run }
        }
        ledger = link.ledger ?? ledger
        if let file = link.writes { files[file] = AuditRecord(line) }
    }

    private static let moved = "lines were removed, put in or moved"

    private func fault(_ reason: String, hint: String? = nil) -> AuditVerification.Fault {
        .init(line: verification.count + 1, reason: reason, hint: hint)
    }

    /// What a log may have lost although each of its lines is right.
    func loss(_ site: Site) -> AuditVerification.Fault? {
        if verification.count == 0, site.document.hasAuditLog == true {
            return .init(line: 1, reason: "the first line is missing")
        }
        guard let expected, !isExpectedThere else { return nil }
        return .init(
            reason: "no line has the expected digest \(expected)",
            hint: "the log was cut off before that line, or an older copy was put in its place")
    }
}

extension AuditVerification {
    fileprivate mutating func add(_ link: AuditLine.Link, _ head: AuditHead) {
        count += 1
        self.head = head
        firstTime = firstTime ?? link.time
        lastTime = link.time
    }
}
