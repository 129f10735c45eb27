import Facility
import PaymentCrypto

/// What a run's record comes to, parsed: its keys, headers, transport.
struct RunPlan {
    let keys: RunKeyPlan
    let transport: KeyTransport
    let headers: [InitialKeyHeader]
    let tdesEngine: TDESEngine

    /// Nil where the record says what no run does; then the report has it.
    init?(
        _ record: RunRecord, in keyring: Keyring, _ report: inout VerifyReport, _ folder: RunFolder
    ) throws {
        let path = folder.path(of: VerifyRun.recordName)
        keys = try RunKeyPlan(record, in: keyring)
        for fault in keys.faults { report.tell(path, fault) }
        guard let transport = KeyTransport(rawValue: record.transport) else {
            report.tell(path, "transport: expected tr31, tr34 or rsa-oaep, found \(TextExcerpt(record.transport))")
            return nil
        }
        guard let headers = record.initialKeyHeaders else {
            report.tell(path, "header: expected the header of initial keys, found another one")
            return nil
        }
        (self.transport, self.headers) = (transport, headers)
        tdesEngine = record.tdesEngine.flatMap { TDESEngine(rawValue: $0) } ?? .auto
        let counts = record.counts
        let sum = counts.issued.addingReportingOverflow(counts.rejected)
        guard !sum.overflow, sum.partialValue == counts.devices, counts.issued >= 0, counts.rejected >= 0 else {
            report.tell(path, "counts: expected issued and rejected to sum to devices")
            return nil
        }
    }
}
