import Facility
import Foundation
import PaymentCrypto

@testable import Provisioning

extension RunFixture {
    /// A run that must finish and is in the audit log, as the command writes it.
    func finishRecorded(_ text: String, _ options: ProvisionOptions) throws {
        let outcome = try run(text, options) { _ in
        } witness: { moment in
            guard case .ending(let record, _) = moment else { return }
            var event = AuditEvent("provision")
            event.add(fact: "run_id", record.runId)
            moment.describe(in: &event)
            _ = try site.record(event)
        }
        guard case .finished = outcome else { throw Unfinished() }
    }

    /// Looks at a run of this fixture again.
    func verify(_ name: String = "out", jobs: Int = 1, chunkCapacity: Int = 4_096) throws -> VerifyReport {
        var options = VerifyOptions(folder: path(name))
        (options.jobs, options.chunkCapacity) = (jobs, chunkCapacity)
        return try VerifyRun(options, interruption: Interruption()).run(in: site, tokens: NoTokens()) { _ in }
    }

    /// The messages of a look, with the fixture's own folder left out.
    func differences(_ name: String = "out", jobs: Int = 1, chunkCapacity: Int = 4_096) throws -> [String] {
        try verify(name, jobs: jobs, chunkCapacity: chunkCapacity).diagnostics.kept.filter { $0.severity == .error }
            .map { "\($0)".replacingOccurrences(of: folder + "/", with: "") }
    }

    /// All files of a run by their names in its folder.
    func contents(_ name: String = "out") throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for file in try FileManager.default.subpathsOfDirectory(atPath: path(name)) {
            contents[file] = FileManager.default.contents(atPath: path("\(name)/\(file)"))
        }
        return contents
    }

    func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(fileURLWithPath: path(name)))
    }
}
