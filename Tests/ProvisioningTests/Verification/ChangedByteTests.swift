import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// A small run, and everything in its folder that can be changed.
@Suite("Changed bytes of a run")
struct ChangedByteTests {
    private static let fleet = """
        device_id,ksn,bdk,kbpk,model,label,slot,note
        T-1,FFFF9876540000200000,,,"M,1",left,A,
        T-2,FFFF98,,,,,,"two
        lines"
        A-1,123456780002400000000000,aes,wrap-aes,,,,

        """

    /// A run with a rejected row.
    private func fixture(_ layout: Layout) throws -> RunFixture {
        let fixture = try RunFixture()
        var options = try fixture.options()
        (options.layout, options.keepsGoing) = (layout, true)
        try fixture.finishRecorded(Self.fleet, options)
        #expect(try fixture.differences() == [])
        return fixture
    }

    @Test("each one is found, in each layout", arguments: Layout.allCases)
    func everyByte(layout: Layout) throws {
        let fixture = try fixture(layout)
        for (name, contents) in try fixture.contents().sorted(by: { $0.key < $1.key }) {
            // Of a page only the digest is looked at, and the record is the same in each layout.
            let step = name == "report.html" ? 1_999 : name == "run.json" && layout != .csv ? 7 : 1
            for position in stride(from: 0, to: contents.count, by: step) {
                var changed = contents
                let index = changed.startIndex + position
                // Another digit, another case, no character at all: whatever a bit makes of it.
                changed[index] ^= 1 << UInt8.random(in: 0...7)
                try fixture.write(changed, to: "out/\(name)")
                #expect(
                    try isFound(name, in: fixture), "\(name), byte \(position): \(contents[index]) to \(changed[index])"
                )
            }
            try fixture.write(contents, to: "out/\(name)")
        }
        #expect(try fixture.differences() == [])
    }

    /// Whether the changed file, or the sums that tell of it, are named.
    private func isFound(_ name: String, in fixture: RunFixture) throws -> Bool {
        let messages = try fixture.differences()
        return messages.contains { $0.hasPrefix("out/\(name):") } || name == "SHA256SUMS" && !messages.isEmpty
    }

    @Test("a file that is longer, shorter, empty, missing or too many", arguments: Layout.allCases)
    func wholeFiles(layout: Layout) throws {
        let fixture = try fixture(layout)
        for (name, contents) in try fixture.contents() {
            for changed in [
                Data(), contents.dropLast(), contents.dropFirst(), contents + Data("\n".utf8), contents + contents,
            ] {
                try fixture.write(changed, to: "out/\(name)")
                #expect(try isFound(name, in: fixture), "\(name) with \(changed.count) bytes")
            }
            try FileManager.default.removeItem(atPath: fixture.path("out/\(name)"))
            #expect(try fixture.differences().contains { $0.hasPrefix("out/\(name): error: the file is missing") })
            try fixture.write(contents, to: "out/\(name)")
            for added in ["\(name)x", ".\(URL(fileURLWithPath: name).lastPathComponent)"] {
                try fixture.write(contents, to: "out/\(added)")
                #expect(
                    try fixture.differences().contains { $0.hasPrefix("out/\(added): error: not a file of the run") })
                try FileManager.default.removeItem(atPath: fixture.path("out/\(added)"))
            }
        }
        #expect(try fixture.differences() == [])
    }

    @Test("two exchanged files are found both", arguments: Layout.allCases)
    func exchangedFiles(layout: Layout) throws {
        let fixture = try fixture(layout)
        let contents = try fixture.contents()
        let names = contents.keys.sorted().filter { $0 != "SHA256SUMS" && $0 != "run.json" }
        for (first, second) in zip(names, names.dropFirst()) {
            try fixture.write(try #require(contents[second]), to: "out/\(first)")
            try fixture.write(try #require(contents[first]), to: "out/\(second)")
            #expect(try isFound(first, in: fixture) && isFound(second, in: fixture), "\(first) and \(second)")
            try fixture.write(try #require(contents[first]), to: "out/\(first)")
            try fixture.write(try #require(contents[second]), to: "out/\(second)")
        }
    }
}
