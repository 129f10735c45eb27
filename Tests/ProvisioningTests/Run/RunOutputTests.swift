import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// The folder that a run leaves behind, or does not.
@Suite("The output folder of a run")
struct RunOutputTests {
    private func ksn(_ number: Int) -> String {
        InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5400_0000).advanced(by: UInt64(number))?.description
            ?? ""
    }

    private var fleet: String {
        "device_id,ksn,slot,model\n" + (1...9).map { "T-\($0),\(ksn($0)),S\($0),\"a \"\"b\"\"\"\n" }.joined()
    }

    @Test("every layout has its files, and SHA256SUMS has them all", arguments: Layout.allCases)
    func layouts(layout: Layout) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.layout = layout
        options.manifest.chunkCapacity = 4
        options.manifest.jobs = 2
        let record = try fixture.finish(fleet, options)
        let devices = (1...9).map { "devices/T-\($0)+S\($0).tr31" }
        let own = layout == .files ? devices : [layout == .csv ? "keyblocks.csv" : "keyblocks.jsonl"]
        let files = try FileManager.default.subpathsOfDirectory(atPath: fixture.path("out")).filter { $0 != "devices" }
        #expect(Set(files) == Set(own + ["check-values.csv", "report.html", "run.json", "SHA256SUMS"]))
        try checkSums(files.filter { $0 != "SHA256SUMS" }, fixture)
        try checkModes(files, fixture)
        #expect(record.environment == "test")
        #expect(try fixture.read("out/run.json").contains("\"environment\" : \"test\""))
        try checkContents(layout, fixture)
    }

    private func checkSums(_ files: [String], _ fixture: RunFixture) throws {
        let lines = try fixture.read("out/SHA256SUMS").split(separator: "\n").map(String.init)
        let expected = try files.map { file in
            let digest = ContentDigest.sha256(try Data(contentsOf: URL(fileURLWithPath: fixture.path("out/\(file)"))))
            return "\(Hexadecimal.text(digest).lowercased())  \(file)"
        }
        #expect(lines.sorted() == expected.sorted())
    }

    private func checkModes(_ files: [String], _ fixture: RunFixture) throws {
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path("out/\(file)"))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path("out"))
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    private struct Line: Decodable {
        let deviceId, slot, model, ksn, algorithm, kcv, keyBlock: String
    }

    private func checkContents(_ layout: Layout, _ fixture: RunFixture) throws {
        let reported = try fixture.read("out/check-values.csv").split(separator: "\n").dropFirst()
        #expect(reported.map { $0.split(separator: ",")[1] } == (1...9).map { "T-\($0)" })
        for number in 1...9 {
            let keyBlock: String
            switch layout {
            case .files:
                let text = try fixture.read("out/devices/T-\(number)+S\(number).tr31")
                #expect(text.last == "\n")
                keyBlock = String(text.dropLast())
            case .csv:
                let line = try fixture.read("out/keyblocks.csv").split(separator: "\n")[number]
                keyBlock = String(try #require(line.split(separator: ",").last))
            case .jsonl:
                let line = try fixture.read("out/keyblocks.jsonl").split(separator: "\n")[number - 1]
                let decoder = JSONDecoder()
                decoder.keyDecodingStrategy = .convertFromSnakeCase
                let object = try decoder.decode(Line.self, from: Data(line.utf8))
                #expect(object.deviceId == "T-\(number)")
                #expect(object.model == "a \"b\"")
                #expect([object.slot, object.ksn, object.algorithm] == ["S\(number)", ksn(number), "TDES-2KEY"])
                #expect(reported[number].contains(",\(object.kcv),"))
                keyBlock = object.keyBlock
            }
            let isHeld = try fixture.holds(keyBlock, bdk: "acme", kbpk: "wrap", ksn: ksn(number))
            #expect(isHeld, "\(number)")
        }
    }

    /// A label goes into the key block, and a key block into all three layouts.
    @Test("labels with commas, quotes and backslashes", arguments: Layout.allCases)
    func awkwardLabels(layout: Layout) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.layout = layout
        let label = #"a, "b" \ {c}"#
        let quoted = "\"" + label.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        try fixture.finish("device_id,ksn,label\nT,\(ksn(1)),\(quoted)\nU,\(ksn(2)),plain\n", options)
        let keyBlock: String
        switch layout {
        case .files: keyBlock = String(try fixture.read("out/devices/T.tr31").dropLast())
        case .csv:
            let line = try fixture.read("out/keyblocks.csv").split(separator: "\n")[1]
            // The seventh field; the six before it need no quotes.
            let field = line.split(separator: ",", maxSplits: 6, omittingEmptySubsequences: false)[6]
            #expect(field.hasPrefix("\"") && field.hasSuffix("\""))
            keyBlock = field.dropFirst().dropLast().replacingOccurrences(of: "\"\"", with: "\"")
            let plain = try fixture.read("out/keyblocks.csv").split(separator: "\n")[2]
            #expect(!plain.contains("\""))
        case .jsonl:
            let line = try fixture.read("out/keyblocks.jsonl").split(separator: "\n")[0]
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            keyBlock = try decoder.decode(Line.self, from: Data(line.utf8)).keyBlock
        }
        #expect(try UnverifiedKeyBlock(keyBlock).header.optionalBlock(.label)?.data == label)
        let isHeld = try fixture.holds(keyBlock, bdk: "acme", kbpk: "wrap", ksn: ksn(1))
        #expect(isHeld)
    }

    @Test("a folder that is there is left alone", arguments: ["out", "out.incomplete"])
    func existing(name: String) throws {
        let fixture = try RunFixture()
        try FileManager.default.createDirectory(atPath: fixture.path(name), withIntermediateDirectories: false)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: fixture.path("\(name)/file")))
        let path = fixture.path(name)
        let expected: OutputError = name == "out" ? .exists(path: path) : .incompleteIsNoRun(path: path)
        // Slashes at the end make no difference.
        for output in ["out", "out//"] {
            #expect(throws: expected) { try fixture.run(fleet, try fixture.options(output)) }
        }
        #expect(try fixture.leftovers == [name])
        #expect(try fixture.read("\(name)/file") == "mine")
    }

    @Test("a link with the folder's name counts as there, wherever it leads")
    func link() throws {
        let fixture = try RunFixture()
        try FileManager.default.createSymbolicLink(
            atPath: fixture.path("out"), withDestinationPath: fixture.path("nowhere"))
        #expect(throws: OutputError.exists(path: fixture.path("out"))) { try fixture.run(fleet, try fixture.options()) }
        #expect(try fixture.leftovers == ["out"])
    }

    @Test("a folder in a place that is not there cannot be made")
    func missingParent() throws {
        let fixture = try RunFixture()
        #expect(
            throws: OutputError.cannotMake(
                path: fixture.path("no/out.incomplete"), reason: "no such file or directory")
        ) { try fixture.run(fleet, try fixture.options("no/out")) }
        #expect(try fixture.leftovers.isEmpty)
    }

    @Test("a bad row stops the run before anything is made")
    func badRow() throws {
        let fixture = try RunFixture()
        let outcome = try fixture.run(fleet + "T-10,123,,\n", try fixture.options())
        guard case .badManifest(let report) = outcome else { throw RunFixture.Unfinished() }
        #expect(report.errorCount == 1)
        #expect(report.diagnostics.map(\.line) == [11])
        #expect(try fixture.leftovers.isEmpty)
    }

    // MARK: Nothing is left behind

    @Test("an interruption before keys are made leaves nothing", arguments: [1, 3])
    func interruption(jobs: Int) throws {
        let fixture = try RunFixture()
        for layout in Layout.allCases {
            var options = try fixture.options()
            options.layout = layout
            options.manifest.chunkCapacity = 1
            options.manifest.jobs = jobs
            let interruption = Interruption()
            let text = "device_id,ksn\n" + (0..<200).map { "T-\($0),\(ksn($0))\n" }.joined()
            #expect(throws: ProvisioningError.interrupted) {
                try fixture.run(text, options, interruption: interruption) { progress in
                    if case .checking = progress { interruption.request() }
                }
            }
            #expect(interruption.isRequested)
            #expect(try fixture.leftovers.isEmpty)
            // The way is free for the next one.
            try fixture.finish(fleet, try fixture.options("after-\(layout)"))
            try FileManager.default.removeItem(atPath: fixture.path("after-\(layout)"))
            try fixture.forgetRuns()
        }
    }

    @Test("a name that was taken meanwhile is not taken over, and the run waits for another try")
    func takenMeanwhile() throws {
        let fixture = try RunFixture()
        let taken = fixture.path("out")
        #expect {
            try fixture.run(fleet, try fixture.options()) { progress in
                guard case .provisioning = progress else { return }
                try? FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: false)
            }
        } throws: { error in
            (error as? StoppedRun)?.cause as? OutputError == .exists(path: taken)
        }
        #expect(try fixture.leftovers == ["out", "out.incomplete"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: taken).isEmpty)
        try FileManager.default.removeItem(atPath: taken)
        _ = try fixture.run(fleet, try fixture.options(), resumes: true)
        #expect(try fixture.leftovers == ["out"])
    }

    @Test("a header that no receiver would take is refused before anything is made")
    func refusedHeader() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        // HM says which hash an HMAC key is for; an initial key has none.
        options.header.optionalBlocks = [try OptionalBlockOption(argument: "HM=21")]
        #expect(throws: ProvisioningError.self) { try fixture.run(fleet, options) }
        #expect(try fixture.leftovers.isEmpty)
    }

    @Test("a header that is too long for a long name is refused before anything is made")
    func tooLong() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        // It fits a short name, and not the longest that there may be.
        let value = String(repeating: "{device_id}", count: 500)
        options.header.optionalBlocks = [try OptionalBlockOption(argument: "42=\(value)")]
        let text = "device_id,ksn\nT-1,\(ksn(1))\n\(String(repeating: "T", count: 60)),\(ksn(2))\n"
        #expect {
            try fixture.run(text, options)
        } throws: { error in
            if case .header? = error as? ProvisioningError { true } else { false }
        }
        #expect(try fixture.leftovers.isEmpty)
    }
}
