import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// A run in a site, and returns that are held against it.
struct ReconciliationFixture {
    let site: RunFixture
    let devices: [ReturnModel.Device]

    /// Devices of a run that keeps going, with and without slots, some of them refused.
    init(_ manifest: String, keepsGoing: Bool = true) throws {
        site = try RunFixture()
        var options = try site.options()
        options.keepsGoing = keepsGoing
        try site.finish(manifest, options)
        devices = try site.read("out/check-values.csv").split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return ReturnModel.Device(
                device: fields[1], slot: fields[3], serialNumber: fields[4], checkValue: fields[6])
        }
    }

    func options(_ name: String = "r.csv") -> ReconciliationOptions {
        ReconciliationOptions(folder: site.path("out"), returned: name, toolVersion: "0")
    }

    func compare(_ text: String, _ options: ReconciliationOptions? = nil) throws -> ReconciliationRun.Outcome {
        let path = site.path("r.csv")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        return try ReconciliationRun(options ?? self.options(), interruption: Interruption())
            .compare(returned: file.fileDescriptor, in: site.site) { _ in }
    }

    /// A reconciliation that must come to its end.
    func reconcile(_ text: String) throws -> ReconciliationSummary {
        guard case .compared(let reconciliation) = try compare(text) else { throw RunFixture.Unfinished() }
        try reconciliation.record(operators: [], auditHead: nil)
        let head = try site.site.record(AuditEvent("reconcile"))
        try reconciliation.finish(auditHead: head)
        return reconciliation.summary
    }

    /// The rows of the report behind its header, in fields; the reason is one of them, as it is written.
    func report() throws -> [[String]] {
        try site.read("out.reconciliation.csv").split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", maxSplits: 7, omittingEmptySubsequences: false).map(String.init)
        }
    }
}
