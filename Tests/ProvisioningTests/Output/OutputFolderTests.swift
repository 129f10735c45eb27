import Facility
import Foundation
import Glibc
import Testing

@testable import Provisioning

/// The folder of a run by itself.
@Suite("Output folders and files")
struct OutputFolderTests {
    private final class Place {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("ipek-out-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
            path = url.path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var contents: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
        }
    }

    @Test("it has its name only when it is finished")
    func finishing() throws {
        let place = try Place()
        do {
            let folder = try OutputFolder(place.path + "/out/")
            #expect(try place.contents == ["out.incomplete"])
            let file = try folder.makeFile("a")
            try file.write("hello\n")
            #expect(try file.finish() == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
            try folder.finish()
        }
        #expect(try place.contents == ["out"])
        #expect(try String(contentsOfFile: place.path + "/out/a", encoding: .utf8) == "hello\n")
    }

    @Test("what is not finished goes with everything in it")
    func abandoning() throws {
        let place = try Place()
        do {
            let folder = try OutputFolder(place.path + "/out")
            _ = try folder.makeFile("a")
            let inner = try folder.makeFolder("devices")
            let file = openat(inner, "b", O_WRONLY | O_CREAT, 0o600)
            #expect(close(file) == 0)
            #expect(close(inner) == 0)
        }
        #expect(try place.contents.isEmpty)
    }

    @Test("removing follows no link")
    func links() throws {
        let place = try Place()
        try FileManager.default.createDirectory(atPath: place.path + "/mine", withIntermediateDirectories: false)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: place.path + "/mine/file"))
        do {
            let folder = try OutputFolder(place.path + "/out")
            #expect(symlink(place.path + "/mine", folder.incompletePath + "/link") == 0)
        }
        #expect(try place.contents == ["mine"])
        #expect(try String(contentsOfFile: place.path + "/mine/file", encoding: .utf8) == "mine")
    }

    @Test("a file is made new: neither a file nor a link in its way is written through", arguments: [true, false])
    func filesInTheWay(isLink: Bool) throws {
        let place = try Place()
        let target = place.path + "/target"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: target))
        let folder = try OutputFolder(place.path + "/out")
        let path = folder.incompletePath + "/run.json"
        #expect((isLink ? symlink(target, path) : Glibc.link(target, path)) == 0)
        #expect(throws: OutputError.exists(path: path)) { try folder.makeFile("run.json") }
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
    }

    @Test("a spooled manifest has no name, and can be read again")
    func spool() throws {
        let place = try Place()
        let folder = try OutputFolder(place.path + "/out")
        let spool = try folder.makeSpool()
        defer { close(spool) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.incompletePath).isEmpty)
        #expect(write(spool, "device_id", 9) == 9)
        #expect(lseek(spool, 0, SEEK_SET) == 0)
        var bytes = [UInt8](repeating: 0, count: 9)
        #expect(read(spool, &bytes, 9) == 9)
        #expect(bytes == Array("device_id".utf8))
    }

    @Test("a run writes into a folder that was made for it")
    func runWithSpool() throws {
        let fixture = try RunFixture()
        let options = try fixture.options()
        let run = try ProvisionRun(
            options, in: fixture.site.site, keyring: try fixture.keyring, profiles: HeaderProfiles(),
            interruption: Interruption())
        do {
            let folder = try OutputFolder(options.output)
            let spool = try folder.makeSpool()
            defer { close(spool) }
            let manifest = Array("device_id,ksn\nT,FFFF9876543210E00001\n".utf8)
            #expect(write(spool, manifest, manifest.count) == manifest.count)
            lseek(spool, 0, SEEK_SET)
            guard
                case .finished = try run.run(
                    manifest: spool, site: fixture.site, tokens: NoTokens(), output: folder, progress: { _ in })
            else { throw RunFixture.Unfinished() }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: fixture.path("out")).sorted()
        #expect(files == ["SHA256SUMS", "check-values.csv", "keyblocks.csv", "report.html", "run.json"])
    }
}
