import FoundationEssentials
import Testing

@testable import Facility

@Suite("Replacing a file")
struct SiteFolderTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
        _ = try test.make()
        try test.write(Array("old".utf8), to: "file")
    }

    @Test("the new content is there, and nothing else")
    func replacement() throws {
        try SiteFolder(test.path).replace("file", with: Array("new".utf8))
        #expect(try test.read("file") == Array("new".utf8))
        #expect(try test.contents == ["audit.jsonl", "file", "keyring.json", "site.json"])
    }

    @Test("what a killed process left behind is no hindrance")
    func staleTemporaryFile() throws {
        try test.write(Array("half of the ne".utf8), to: "file.new")
        #expect(try SiteFolder(test.path).read("file") == Array("old".utf8))
        try SiteFolder(test.path).replace("file", with: Array("new".utf8))
        #expect(try test.read("file") == Array("new".utf8))
        #expect(try test.contents == ["audit.jsonl", "file", "keyring.json", "site.json"])
    }

    @Test("a link in the way of the new content is not followed")
    func linkInTheWay() throws {
        let target = test.folder + "/target"
        try Data("untouched".utf8).write(to: URL(filePath: target))
        try FileManager.default.createSymbolicLink(
            atPath: test.path + "/file.new", withDestinationPath: target)
        try SiteFolder(test.path).replace("file", with: Array("new".utf8))
        #expect(try Data(contentsOf: URL(filePath: target)) == Data("untouched".utf8))
        #expect(try test.read("file") == Array("new".utf8))
    }

    @Test("a link is not read through")
    func linkToRead() throws {
        try FileManager.default.createSymbolicLink(atPath: test.path + "/link", withDestinationPath: "file")
        #expect(throws: FacilityError.exposed(FileExposure(noFileAt: "\(test.path)/link"))) {
            try SiteFolder(test.path).read("link")
        }
    }

    @Test("when the new content cannot be written, the old one stays")
    func failedWrite() throws {
        try FileManager.default.createDirectory(
            atPath: test.path + "/file.new/full", withIntermediateDirectories: true)
        #expect(throws: FileFailure.self) { try SiteFolder(test.path).replace("file", with: Array("new".utf8)) }
        #expect(try test.read("file") == Array("old".utf8))
    }

    @Test("when the new content cannot take the name, it goes again")
    func failedRename() throws {
        try FileManager.default.createDirectory(
            atPath: test.path + "/folder/full", withIntermediateDirectories: true)
        #expect(throws: FileFailure.self) { try SiteFolder(test.path).replace("folder", with: Array("new".utf8)) }
        #expect(try test.contents == ["audit.jsonl", "file", "folder", "keyring.json", "site.json"])
    }

    @Test("a missing file is nil, a missing folder an error")
    func missing() throws {
        #expect(try SiteFolder(test.path).read("nothing") == nil)
        #expect(throws: FileFailure.self) { _ = try SiteFolder(test.path + "/nothing").path }
    }
}
