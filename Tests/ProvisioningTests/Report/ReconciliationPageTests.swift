import Testing

@testable import Provisioning

/// The page of a reconciliation, from a summary and the CSV beside it.
@Suite("The page of a reconciliation")
struct ReconciliationPageTests {
    private static let header = "line,device_id,slot,ksn,expected_kcv,returned_kcv,result,reason\n"

    @Test("the five buckets are shown with their sum, and every row is there")
    func whole() throws {
        let page = try Self.page(Self.summary(confirmed: 6), rows: 10)
        #expect(page.contains("6 + 1 + 1 + 2 + 0 = 10: every device of the manifest is in one of the five."))
        #expect(page.contains("\n4\tT-3\tFFFF9876543210E00000\tA1B2C3\tA1B2C3\tconfirmed\t\n"))
        #expect(page.contains("<option>not confirmed</option><option>confirmed</option><option>mismatch</option>"))
        #expect(page.contains("another slot&#39;s key"))
        #expect(page.contains("first.csv") && page.contains("returned &lt;2&gt;.csv"))
        #expect(page.contains("4 devices not confirmed; the most in one stretch are 4 of 5, in lines 7 to 11."))
        #expect(page.contains("TEST"))
    }

    @Test("where there are too many rows the page has those that are not confirmed")
    func large() throws {
        let summary = Self.summary(confirmed: 200_000)
        let page = try Self.page(summary, rows: 10)
        #expect(page.contains("200,004 rows are too many for a page, so it leaves out what is confirmed"))
        #expect(page.contains("\tmismatch\t") && !page.contains("\tconfirmed\t"))
        #expect(!page.contains("<option>confirmed</option>"))
    }

    @Test("where those are too many, too, it says which file has them")
    func larger() throws {
        var summary = Self.summary(confirmed: 0)
        summary.buckets.missing = 1_000_000
        summary.reportRows = summary.buckets.total
        let page = try Self.page(summary, rows: 10)
        #expect(page.contains("out.reconciliation.csv has all of them") && !page.contains("<script"))
    }

    @Test("a clean one on a production site draws no cluster and says TEST nowhere")
    func clean() throws {
        var summary = Self.summary(confirmed: 10)
        summary.buckets = Self.buckets(confirmed: 10)
        summary.stretches = [.init(firstLine: 2, lastLine: 11, buckets: summary.buckets)]
        summary.run.environment = "production"
        summary.causes = []
        let page = try Self.page(summary, rows: 10)
        #expect(!page.contains("clusters-heading") && !page.contains("causes-heading") && !page.contains("TEST"))
    }

    private static func page(_ summary: ReconciliationSummary, rows: Int) throws -> String {
        let fixture = try PageFolder()
        let csv =
            header
            + (0..<rows).map { row in
                let result = row < 6 ? "confirmed" : row == 6 ? "mismatch" : row == 7 ? "failed" : "missing"
                return "\(row + 1),T-\(row),,FFFF9876543210E00000,A1B2C3,\(row < 8 ? "A1B2C3" : ""),\(result),\n"
            }.joined()
        let bytes = Array(csv.utf8)
        let file = try fixture.folder.makeFile("page.html")
        try ReconciliationReport(summary: summary).write(to: file) { take in
            _ = try bytes.withUnsafeBytes { try take($0) }
        }
        var text: [UInt8] = []
        try fixture.folder.read("page.html") { piece in
            text += piece
            return true
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func buckets(
        confirmed: Int, mismatch: Int = 0, failed: Int = 0, missing: Int = 0
    ) -> ReconciliationBuckets {
        ReconciliationBuckets(
            confirmed: confirmed, mismatch: mismatch, failed: failed, missing: missing, rejected: 0)
    }

    private static func summary(confirmed: Int) -> ReconciliationSummary {
        let all = buckets(confirmed: confirmed, mismatch: 1, failed: 1, missing: 2)
        let returned = { name in
            ReconciliationSummary.Return(
                name: name, sha256: "00ff", rows: 8, time: "2026-11-24T10:00:00Z", operators: ["ayse"])
        }
        return ReconciliationSummary(
            run: .init(
                id: "20261124T091200Z-00000001", environment: "test", started: "2026-11-24T09:12:00Z",
                ended: "2026-11-24T09:12:01Z", operators: ["ayse", "mehmet"], note: nil, manifest: "fleet.csv",
                manifestSHA256: "aa", baseKeys: [.init(name: "acme", algorithm: "TDES-2KEY", kcv: "08D7B4")],
                folder: "out", sumsSHA256: "bb"),
            returned: returned("returned <2>.csv"), earlier: [returned("first.csv")], buckets: all, unexpected: 0,
            duplicate: 3, models: [.init(name: "Kiosk", buckets: all)], otherModels: .init(),
            slots: [.init(name: "", buckets: all)], otherSlots: .init(),
            stretches: [
                .init(firstLine: 2, lastLine: 6, buckets: buckets(confirmed: 5)),
                .init(firstLine: 7, lastLine: 11, buckets: buckets(confirmed: 1, mismatch: 1, failed: 1, missing: 2)),
            ],
            causes: [.init(name: "another slot's key", count: 1)], reportName: "out.reconciliation.csv",
            reportRows: all.total, reportSHA256: "cc", toolVersion: "0", auditHead: "dd")
    }
}
