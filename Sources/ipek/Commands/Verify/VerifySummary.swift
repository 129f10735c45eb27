import Facility
import PaymentCrypto
import Provisioning

/// Tells people and scripts what came of looking at a run again.
struct VerifySummary {
    private let report: VerifyReport
    private let folder: String

    init(_ report: VerifyReport, folder: String) {
        (self.report, self.folder) = (report, folder)
    }

    private struct Document: Encodable {
        let runID: String?
        let environment: String?
        let transport: String?
        let devices: Int
        let issued: Int
        let rejected: Int
        let verified: Int
        let isDerivedAnew: Bool
        let sums: String?
        let differences: Int
        let omitted: Int
        let isGood: Bool
        let diagnostics: [Message]

        enum CodingKeys: String, CodingKey {
            case environment, transport, devices, issued, rejected, verified, differences, omitted, diagnostics
            case runID = "run_id"
            case isDerivedAnew = "derived_anew"
            case sums = "output_sha256"
            case isGood = "good"
        }
    }

    func tell(_ console: Console) throws {
        for diagnostic in report.diagnostics.kept { console.say(diagnostic) }
        if report.diagnostics.omittedCount > 0 {
            console.warn(
                "\(CheckSummary.count(report.diagnostics.omittedCount, "more difference")) not shown",
                hint: "--all prints every one")
        }
        for line in lines { console.notice(line) }
        guard console.json else { return }
        let counts = report.counts
        try console.write(
            Document(
                runID: report.runID, environment: report.environment, transport: report.transport,
                devices: counts.devices, issued: counts.issued, rejected: counts.rejected,
                verified: report.verifiedCount, isDerivedAnew: report.isDerivedAnew, sums: report.sums?.description,
                differences: report.diagnostics.errorCount, omitted: report.diagnostics.omittedCount,
                isGood: report.isGood, diagnostics: report.diagnostics.kept))
    }

    private var lines: [String] {
        let run = report.runID.map { "\(report.environment == "test" ? "TEST run" : "run") \(ShownText.line($0))" }
        let what = "\(ShownText.line(folder))\(run.map { ", \($0)" } ?? "")"
        let count = CheckSummary.count(report.verifiedCount, "output")
        guard report.isGood else {
            return [
                "\(what): \(CheckSummary.count(report.diagnostics.errorCount, "difference")), \(count) as the report has them"
            ]
        }
        return ["\(what): no difference", "\(count) of \(report.counts.issued) \(looked)"]
    }

    private var looked: String {
        let opened =
            report.transport == "tr31" ? "opened and compared" : "looked at without the device's key and compared"
        return report.isDerivedAnew ? "\(opened), every key derived anew" : opened
    }
}

extension VerifyReport {
    /// Adds to an event of the audit log what it keeps of a verification.
    func describe(in event: inout AuditEvent) {
        event.keys = keys.map { AuditEvent.Key(name: $0.name, kcv: $0.kcv) }
        let facts = [
            ("run_id", runID ?? ""), ("output_sha256", sums?.description ?? ""),
            ("issued", "\(counts.issued)"), ("rejected", "\(counts.rejected)"), ("verified", "\(verifiedCount)"),
            ("derived_anew", isDerivedAnew ? "yes" : "no"), ("differences", "\(diagnostics.errorCount)"),
        ]
        for (name, value) in facts { event.add(fact: name, value) }
    }
}
