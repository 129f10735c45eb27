import Facility
import Foundation
import Glibc
import PaymentCrypto
import Testing

@testable import Provisioning

/// A run that was interrupted is completed to what it would have been, or refused by name.
@Suite("A run that is taken up")
struct ResumeTests {
    /// Rows of both ciphers, quantities and bad rows, in several chunks.
    private static let fleet = Fleet.mixed.text + "bad row,123,,,,,,,,\n"

    private static func options(_ fixture: RunFixture, _ layout: Layout, jobs: Int = 1) throws -> ProvisionOptions {
        var options = try fixture.options()
        (options.layout, options.keepsGoing, options.operators) = (layout, true, ["Ada"])
        (options.manifest.chunkCapacity, options.manifest.jobs) = (4, jobs)
        return options
    }

    /// Begins a run that stops after so many devices.
    private static func interrupt(
        _ fixture: RunFixture, _ options: ProvisionOptions, after count: Int, text: String = fleet
    ) throws {
        let interruption = Interruption()
        #expect {
            try fixture.run(text, options, interruption: interruption) { progress in
                if case .provisioning(let done, _) = progress, done >= count { interruption.request() }
            }
        } throws: { ($0 as? StoppedRun)?.isInterruption == true }
    }

    private static func resume(
        _ fixture: RunFixture, _ options: ProvisionOptions, text: String = fleet
    ) throws -> RunRecord {
        guard case .finished(let record, _) = try fixture.run(text, options, resumes: true) else {
            throw RunFixture.Unfinished()
        }
        return record
    }

    private static func ledger(_ fixture: RunFixture) throws -> Ledger {
        try #require(try Ledger.open(fixture.site.site))
    }

    /// The report, and the key blocks' table without what is random in it.
    private static func product(_ fixture: RunFixture, _ name: String) throws -> [String] {
        let rejected = (try? fixture.read("\(name)/rejected.csv")) ?? ""
        let table = (try? fixture.read("\(name)/keyblocks.csv")) ?? (try? fixture.read("\(name)/keyblocks.jsonl")) ?? ""
        let devices = (try? FileManager.default.contentsOfDirectory(atPath: fixture.path("\(name)/devices"))) ?? []
        return [try fixture.read("\(name)/check-values.csv"), rejected] + devices.sorted()
            + table.split(separator: "\n").map { String($0.prefix { $0 != "\"" && $0 != "," }) + "\($0.count)" }
    }

    @Test("it ends as if nothing had happened", arguments: Layout.allCases, [1, 3])
    func completes(layout: Layout, jobs: Int) throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, layout, jobs: jobs)
        var undisturbed = options
        undisturbed.output = fixture.path("undisturbed")
        try fixture.finish(Self.fleet, undisturbed)
        for count in [1, 15, 30] {
            try fixture.forgetRuns()
            try Self.interrupt(fixture, options, after: count)
            let waiting = try #require(try Self.ledger(fixture).runs().first)
            #expect(waiting.state == .reserved)
            let record = try Self.resume(fixture, options)
            #expect(record.runId == waiting.identifier.description && record.counts.rejected == 1)
            #expect(try Self.product(fixture, "out") == Self.product(fixture, "undisturbed"))
            #expect(try fixture.leftovers == ["out", "undisturbed"])
            try Self.checkSums(fixture)
            let run = try Self.ledger(fixture).run(waiting.identifier)
            #expect(run.state == .issued && run.completion?.issued == record.counts.issued)
            #expect(run.completion?.index?.devices == record.counts.issued)
            try FileManager.default.removeItem(atPath: fixture.path("out"))
        }
    }

    /// `SHA256SUMS` has every file, and every digest is right.
    private static func checkSums(_ fixture: RunFixture) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: fixture.path("out"))
            .filter { $0 != "devices" && $0 != "SHA256SUMS" }
        let lines = try names.map { name in
            "\(Hexadecimal.text(ContentDigest.sha256(try fixture.read("out/\(name)").utf8)).lowercased())  \(name)"
        }
        #expect(Set(try fixture.read("out/SHA256SUMS").split(separator: "\n").map(String.init)) == Set(lines))
    }

    @Test("interrupted again and again it ends all the same")
    func oftenInterrupted() throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .csv)
        try Self.interrupt(fixture, options, after: 1)
        let first = try fixture.read("out.incomplete/keyblocks.csv")
        for count in stride(from: 5, to: 60, by: 5) {
            let interruption = Interruption()
            #expect(throws: StoppedRun.self) {
                try fixture.run(Self.fleet, options, interruption: interruption, resumes: true) { progress in
                    if case .provisioning(let done, _) = progress, done >= count { interruption.request() }
                }
            }
        }
        _ = try Self.resume(fixture, options)
        // What was made once is not made anew: padding is random.
        #expect(try fixture.read("out/keyblocks.csv").hasPrefix(first))
        try Self.checkSums(fixture)
    }

    @Test("what a crash has torn is cut back", arguments: Layout.allCases)
    func tornTail(layout: Layout) throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, layout)
        var undisturbed = options
        undisturbed.output = fixture.path("undisturbed")
        try fixture.finish(Self.fleet, undisturbed)
        for cut in 1...6 {
            try fixture.forgetRuns()
            try Self.interrupt(fixture, options, after: 40)
            let journal = Array(try fixture.read("out.incomplete/journal").utf8)
            // The last lines of the journal are lost in part, and what they told of is garbage.
            let opening = try #require(journal.firstIndex(of: UInt8(ascii: "\n"))) + 1
            let kept = journal.prefix(max(opening, journal.count - cut * 150))
            try Data(kept).write(to: URL(fileURLWithPath: fixture.path("out.incomplete/journal")))
            for name in ["check-values.csv", "rejected.csv", "SHA256SUMS", "run.json", "report.html"] {
                try fixture.append("garbage\u{0}", to: "out.incomplete/\(name)")
            }
            _ = try Self.resume(fixture, options)
            #expect(try Self.product(fixture, "out") == Self.product(fixture, "undisturbed"))
            try Self.checkSums(fixture)
            try FileManager.default.removeItem(atPath: fixture.path("out"))
        }
    }

    @Test("every byte that counts is the run's own, or it is not taken up", arguments: Layout.allCases)
    func damage(layout: Layout) throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, layout)
        try Self.interrupt(fixture, options, after: 20)
        let names = try FileManager.default.subpathsOfDirectory(atPath: fixture.path("out.incomplete"))
            .filter { !["devices", "journal"].contains($0) }
        for name in names {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture.path("out.incomplete/\(name)"))))
            guard !bytes.isEmpty else { continue }
            for changed in [bytes.dropLast() + [bytes[bytes.count - 1] ^ 1], Array(bytes.dropLast())] {
                try fixture.overwrite("out.incomplete/\(name)", with: Array(changed))
                #expect {
                    _ = try Self.resume(fixture, options)
                } throws: { error in
                    let cause = (error as? StoppedRun)?.cause ?? error
                    if case .damaged = cause as? ResumeError { return true } else { return false }
                }
            }
            try fixture.overwrite("out.incomplete/\(name)", with: bytes)
        }
        _ = try Self.resume(fixture, options)
        try Self.checkSums(fixture)
    }

    @Test("a journal that this site did not write is refused, whichever line")
    func forgedJournal() throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .csv)
        try Self.interrupt(fixture, options, after: 40)
        let journal = Array(try fixture.read("out.incomplete/journal").utf8)
        var changed = journal
        changed[20] ^= 1
        try fixture.overwrite("out.incomplete/journal", with: changed)
        #expect(throws: ResumeError.self) { _ = try Self.resume(fixture, options) }
        #expect(try fixture.read("out.incomplete/journal").utf8.elementsEqual(changed))
    }

    @Test("a file that is not the run's is in the way, and stays")
    func strangers() throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .csv)
        try Self.interrupt(fixture, options, after: 40)
        try fixture.append("mine", to: "out.incomplete/note")
        #expect(throws: ResumeError.self) { _ = try Self.resume(fixture, options) }
        #expect(try fixture.read("out.incomplete/note") == "mine")
    }

    @Test("a folder that was made this instant is a beginning")
    func untouched() throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .csv)
        for journal in [nil, "", "{\"schema\":\"ipek"] {
            try FileManager.default.createDirectory(
                atPath: fixture.path("out.incomplete"), withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
            if let journal { try fixture.append(journal, to: "out.incomplete/journal") }
            _ = try Self.resume(fixture, options)
            #expect(try fixture.leftovers == ["out"])
            try FileManager.default.removeItem(atPath: fixture.path("out"))
            try fixture.forgetRuns()
        }
        #expect(throws: ResumeError.missing(path: options.output + ".incomplete")) {
            _ = try Self.resume(fixture, options)
        }
    }

    @Test(
        "between the ledger's commit and the folder's name nothing is missing but the name", arguments: [true, false])
    func onlyTheName(hasJournal: Bool) throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .files)
        #expect(throws: StoppedRun.self) {
            try fixture.run(
                Self.fleet, options,
                witness: { moment in if case .ending = moment { throw RunFixture.Unfinished() } })
        }
        let before = try FileManager.default.subpathsOfDirectory(atPath: fixture.path("out.incomplete"))
        #expect(try Self.ledger(fixture).runs().map(\.state) == [.issued])
        let sums = try fixture.read("out.incomplete/SHA256SUMS")
        if !hasJournal { try FileManager.default.removeItem(atPath: fixture.path("out.incomplete/journal")) }
        #expect(throws: ResumeError.self) { _ = try Self.resume(fixture, options, text: Fleet.mixed.text) }
        _ = try Self.resume(fixture, options)
        #expect(try fixture.read("out/SHA256SUMS") == sums)
        #expect(
            Set(try FileManager.default.subpathsOfDirectory(atPath: fixture.path("out")))
                == Set(before).subtracting(["journal"]))
        try Self.checkSums(fixture)
    }

    @Test("two at once: the other is told")
    func inUse() throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .csv)
        var refusals = 0
        let outcome = try fixture.run(
            Self.fleet, options,
            witness: { moment in
                guard case .ending = moment else { return }
                do { _ = try Self.resume(fixture, options) } catch ResumeError.inUse { refusals += 1 }
            })
        guard case .finished = outcome else { throw RunFixture.Unfinished() }
        #expect(refusals == 1)
    }

    @Test("a run that was voided is not taken up")
    func voided() throws {
        let fixture = try RunFixture()
        let options = try Self.options(fixture, .csv)
        try Self.interrupt(fixture, options, after: 40)
        let run = try #require(try Self.ledger(fixture).runs().first).identifier
        try Self.ledger(fixture).void(run, LedgerRun.Voiding(reason: "a test"))
        #expect(throws: ResumeError.self) { _ = try Self.resume(fixture, options) }
        // The way is free for another run.
        var other = options
        other.output = fixture.path("other")
        try fixture.finish(Self.fleet, other)
    }
}
