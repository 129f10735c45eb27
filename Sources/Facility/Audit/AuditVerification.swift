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
    /// Looks at every line of the audit log: its form, its code, its number, and the line before it.
    ///
    /// - Parameter expected: a head of the log as it was once, which must still be there; a cut at the end shows by
    ///   nothing else.
    public func verifyAuditLog(expecting expected: AuditHead? = nil) throws(FacilityError) -> AuditVerification {
        var verification = AuditVerification()
        guard let log = try openLog(for: .reading) else {
            if site.document.hasAuditLog == true || expected != nil {
                verification.fault = .init(reason: "the file is missing")
            }
            return verification
        }
        var isExpectedThere = expected == nil
        let key = try auditKey()
        do {
            var lines = try AuditLines(log)
            while verification.fault == nil, let line = try lines.next() {
                verification.fault = try verification.follow(line, key)
                isExpectedThere = isExpectedThere || verification.head == expected
            }
        } catch let failure as FileFailure {
            throw .file(failure)
        } catch let error as FacilityError {
            throw error
        } catch {
            throw .internalFault("\(error)")
        }
        if verification.fault == nil {
            verification.fault = verification.loss(of: isExpectedThere ? nil : expected, site)
        }
        return verification
    }
}

extension AuditVerification {
    /// Goes one line further, or says what is wrong with it.
    fileprivate mutating func follow(
        _ line: AuditLines.Line, _ key: borrowing AuthenticationKey
    ) throws(FacilityError) -> Fault? {
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
        guard link.sequence == count + 1 else {
            return fault("expected event \(count + 1), found event \(link.sequence)", hint: Self.moved)
        }
        guard link.previous == head?.description ?? AuditLine.noPrevious else {
            return fault("the line before is not the one that this line followed", hint: Self.moved)
        }
        count += 1
        head = try AuditHead(of: line.bytes)
        firstTime = firstTime ?? link.time
        lastTime = link.time
        return nil
    }

    private static let moved = "lines were removed, put in or moved"

    private func fault(_ reason: String, hint: String? = nil) -> Fault {
        Fault(line: count + 1, reason: reason, hint: hint)
    }

    /// What a log may have lost although each of its lines is right.
    fileprivate func loss(of expected: AuditHead?, _ site: Site) -> Fault? {
        if count == 0, site.document.hasAuditLog == true { return Fault(line: 1, reason: "the first line is missing") }
        guard let expected else { return nil }
        return Fault(
            reason: "no line has the expected digest \(expected)",
            hint: "the log was cut off before that line, or an older copy was put in its place")
    }
}
