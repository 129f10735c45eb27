import Facility
import Glibc
import PaymentCrypto

/// The first pass: every fault of a manifest, before any key is made.
///
/// It takes one look at a manifest that has no duplicates and no number of an earlier run. Where keys occur twice, another
/// look confirms them and finds their lines, and a last one reports all faults in manifest order. To drive it:
///
///     repeat {
///         let look = try check.beginLook()
///         // while look.reader.fill(chunk): look.validator.examine(chunk, into: columns) on any thread,
///         // then check.collect(columns, of: chunk) in the order of the chunks
///     } while try check.finishLook()
///
/// Not thread-safe: `collect` is for one thread at a time.
final class ManifestCheck {
    private enum Look {
        case gather
        case confirm(DuplicateFindings)
        case report
    }

    private let source: ManifestSource
    private let limit: Int?
    private let stream: ((Diagnostic) -> Void)?
    private let start: off_t
    private let hashing = DuplicateHashing()
    private let search: DuplicateSearch
    /// The devices of bad rows, which get no key.
    private var rejected: SerialNumberColumns
    private var numbers = ManifestNumbers()
    private let ledger: LedgerSearch?
    private(set) var issued: IssuedNumbers?
    /// Looking for the numbers in the ledger.
    private(set) var ledgerClock = StageClock()
    private var look = Look.gather
    private var pass: ManifestPass?
    private var findings: DuplicateFindings?
    private var digest: SHA256Digest?
    /// What the first look and this one know of the certificates.
    private var (receiverSum, lookSum): (UInt64, UInt64) = (0, 0)
    private var counts = Counts()
    private var diagnostics: DiagnosticList
    /// In the look that reports: what is still to be said about lines further on.
    private var waiting: [Diagnostic] = []

    private struct Counts {
        var rows = 0
        var rejectedRows = 0
        var acceptedDevices = 0
        var countedRows = 0
        var firstCountedLine = 0
        var isSpoilt = false
    }

    /// A check; `stream` is given every diagnostic in manifest order, however many there are (`--all`).
    ///
    /// - Parameter ledger: what knows the numbers of earlier runs; nil: none is looked for.
    init(
        _ source: ManifestSource, ledger: LedgerSearch? = nil, limit: Int? = DiagnosticList.defaultLimit,
        stream: ((Diagnostic) -> Void)? = nil
    ) {
        self.source = source
        self.ledger = ledger
        self.limit = limit
        search = DuplicateSearch(source.keys, hashing)
        rejected = SerialNumberColumns(source.keys, hashing)
        self.stream = stream
        // -1 for a pipe, which can be looked at only once.
        start = lseek(source.descriptor, 0, SEEK_CUR)
        diagnostics = DiagnosticList(limit: limit)
    }

    // MARK: Driving

    /// Begins a look at the beginning of the file.
    func beginLook() throws(ManifestReadError) -> ManifestPass {
        let work: RowValidator.DuplicateWork
        switch look {
        case .gather: work = .gather
        case .confirm(let candidates): work = .mark(candidates)
        case .report: work = findings.map { .judge($0) } ?? .none
        }
        let isAgain = if case .gather = look { false } else { true }
        let pass = try beginPass(work, isAgain: isAgain)
        self.pass = pass
        lookSum = 0
        if !isConfirming {
            counts = Counts()
            rejected = SerialNumberColumns(source.keys, hashing)
            diagnostics = DiagnosticList(limit: limit)
            addHeaderRemarks(pass.header)
        }
        return pass
    }

    /// Takes an examined chunk; chunks come in the order of their `index`.
    func collect(_ columns: DeviceColumns, of chunk: ManifestChunk) throws(ManifestReadError) {
        lookSum &+= columns.receiverSum
        if case .confirm(let candidates) = look {
            candidates.confirm(columns, of: chunk, keys: source.keys, hashing: hashing)
            return
        }
        if case .gather = look { try search.gather(columns) }
        if columns.acceptedCount < columns.count {
            try rejected.gather(columns) {
                $0.status[$1] != .accepted && $0.duplicateFlags[$1].contains(.hasSerialNumber)
            }
        }
        counts.rows += columns.rowCount
        counts.rejectedRows += columns.rejectedRowCount
        counts.acceptedDevices += columns.acceptedCount
        if counts.countedRows == 0 { counts.firstCountedLine = columns.firstCountedLine }
        counts.countedRows += columns.countedRows
        if columns.spoilsTheFile { counts.isSpoilt = true }
        for fault in columns.faults { add(fault, line: chunk.rows[fault.row].line) }
    }

    /// Ends a look; true when another one is needed.
    func finishLook() throws -> Bool {
        guard let pass else { return false }
        defer { self.pass = nil }
        switch look {
        case .gather:
            digest = try pass.reader.digest()
            receiverSum = lookSum
            try concludeFirstLook(pass)
            let found = try search.conclude(lineCount: pass.reader.lineCount)
            numbers = found.numbers
            issued = try ledgerClock.measure { try ledger?.issued(numbers) }
            if let candidates = found.candidates {
                look = .confirm(candidates)
                return true
            }
        case .confirm(let candidates):
            try verify(pass)
            if !candidates.isEmpty { findings = candidates }
        case .report:
            try verify(pass)
            flushWaiting(before: .max)
            return false
        }
        if findings != nil || issued != nil {
            beginReport()
            return true
        }
        return concludeWithoutDuplicates()
    }

    /// The serial numbers of the devices that can be provisioned; to be asked once, when `finishLook` has answered false.
    func takeNumbers() throws -> ManifestNumbers {
        let accepted = numbers.subtracting(try rejected.conclude().numbers)
        numbers = ManifestNumbers()
        guard accepted.count == counts.acceptedDevices else {
            throw FacilityError.internalFault("the serial numbers are not as many as the devices")
        }
        return accepted
    }

    /// What the check has found; good when `finishLook` has answered false.
    func result(header: ManifestHeader) -> ManifestCheckResult {
        ManifestCheckResult(
            header: header, digest: digest, rowCount: counts.rows, rejectedRowCount: counts.rejectedRows,
            acceptedDeviceCount: counts.acceptedDevices, diagnostics: diagnostics,
            mayKeepGoing: header.faults.isEmpty && !counts.isSpoilt && counts.rows > 0,
            receiverSum: receiverSum)
    }

    /// Begins the second pass, which refuses exactly the rows that the check has found; `verify` it at its end.
    func beginProvisioning() throws(ManifestReadError) -> ManifestPass {
        try beginPass(findings.map { .judge($0) } ?? .none, isAgain: true)
    }

    // MARK: Looks

    private func verify(_ pass: ManifestPass) throws(ManifestReadError) {
        try pass.verify(digest)
        guard lookSum == receiverSum else { throw .certificatesChanged }
    }

    private var isConfirming: Bool { if case .confirm = look { true } else { false } }
    private var isReporting: Bool { if case .report = look { true } else { false } }

    private func beginPass(_ work: RowValidator.DuplicateWork, isAgain: Bool) throws(ManifestReadError) -> ManifestPass
    {
        if start >= 0 || isAgain {
            guard lseek(source.descriptor, max(0, start), SEEK_SET) >= 0 else { throw .readFailed(errno: errno) }
        }
        let reader = try ManifestReader(descriptor: source.descriptor, limits: source.limits)
        let header = try reader.readHeader(
            mappings: source.mappings, needsCertificates: source.keys.receivers != nil)
        let validator = RowValidator(
            header: header, keys: source.keys, padding: source.padding, limits: source.limits, hashing: hashing,
            duplicates: work, issued: issued)
        return ManifestPass(header: header, reader: reader, validator: validator)
    }

    private func concludeFirstLook(_ pass: ManifestPass) throws(ManifestReadError) {
        if pass.header.faults.isEmpty, counts.rows == 0 {
            diagnostics.add(diagnostic(line: pass.header.line, message: "expected at least one device, found none"))
        }
        guard counts.countedRows > 0 else { return }
        diagnostics.insert(notice: countedNotice)
    }

    private func concludeWithoutDuplicates() -> Bool {
        guard let stream else { return false }
        if diagnostics.omittedCount > 0 {
            beginReport()
            return true
        }
        diagnostics.kept.forEach(stream)
        return false
    }

    /// From here on every diagnostic is delivered at once, so notices must wait for their line.
    private func beginReport() {
        look = .report
        waiting = counts.countedRows > 0 ? [countedNotice] : []
    }

    // MARK: Diagnostics

    private func add(_ fault: RowFault, line: Int) {
        if isReporting { flushWaiting(before: line) }
        let diagnostic = diagnostic(line: line, column: fault.column, message: fault.message, hint: fault.hint)
        deliver(diagnostic)
    }

    private func deliver(_ diagnostic: Diagnostic) {
        diagnostics.add(diagnostic)
        if isReporting { stream?(diagnostic) }
    }

    private func flushWaiting(before line: Int) {
        while let notice = waiting.first, notice.line ?? 0 < line {
            waiting.removeFirst()
            deliver(notice)
        }
    }

    private func addHeaderRemarks(_ header: ManifestHeader) {
        let unused = source.keys.receivers?.unusedColumns(of: header) ?? []
        for (remarks, severity) in [(header.faults, Diagnostic.Severity.error), (header.notices + unused, .notice)] {
            for remark in remarks {
                deliver(
                    diagnostic(
                        line: header.line, column: remark.column, severity: severity, message: remark.message,
                        hint: remark.hint))
            }
        }
    }

    private var countedNotice: Diagnostic {
        let number = counts.countedRows
        let subject = number == 1 ? "1 key serial number has" : "\(number) key serial numbers have"
        return diagnostic(
            line: counts.firstCountedLine, column: ManifestColumn.keySerialNumber.rawValue, severity: .notice,
            message: "\(subject) a counter that is not zero; it is cleared")
    }

    private func diagnostic(
        line: Int, column: String? = nil, severity: Diagnostic.Severity = .error, message: String, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            file: source.name, line: line, column: column, severity: severity, message: message, hint: hint)
    }
}
