import FoundationEssentials
import Glibc
import Testing

@testable import Facility

/// Whose files a site's are, and who may look into them.
@Suite("Files that others can reach")
struct FileExposureTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
        _ = try test.make()
    }

    @Test("a new site is closed to everybody else")
    func newSite() throws {
        #expect(try Site(at: test.path).keyring().entries.isEmpty)
        #expect(try Site.exposures(at: test.path).isEmpty)
    }

    @Test("a folder that others may look into", arguments: [0o750, 0o701, 0o770] as [mode_t])
    func openFolder(mode: mode_t) throws {
        chmod(test.path, mode)
        let fault = FileExposure.Fault.mode(found: mode, expected: 0o700)
        let exposure = FacilityError.exposed(FileExposure(path: test.path, fault: fault))
        #expect(throws: exposure) { try Site(at: test.path) }
        #expect("\(exposure)" == "\(test.path): expected mode 700, found \(String(mode, radix: 8))")
    }

    @Test("a file that others may read", arguments: ["site.json", "keyring.json"])
    func openFile(name: String) throws {
        chmod("\(test.path)/\(name)", 0o640)
        let fault = FileExposure.Fault.mode(found: 0o640, expected: 0o600)
        #expect(throws: FacilityError.exposed(FileExposure(path: "\(test.path)/\(name)", fault: fault))) {
            try Site(at: test.path).keyring()
        }
        #expect(try Site.exposures(at: test.path).map(\.fault) == [fault])
    }

    @Test("a pipe or a folder in a file's place", arguments: [true, false])
    func noFile(isPipe: Bool) throws {
        let path = "\(test.path)/keyring.json"
        unlink(path)
        if isPipe { mkfifo(path, 0o600) } else { mkdir(path, 0o700) }
        #expect(throws: FacilityError.exposed(FileExposure(noFileAt: path))) { try Site(at: test.path).keyring() }
    }

    @Test("another user's site, for root, too", .enabled(if: geteuid() == 0, "only root can give a file away"))
    func otherOwner() throws {
        chown(test.path, 65534, 65534)
        let fault = FileExposure.Fault.owner(found: 65534, expected: 0)
        #expect(throws: FacilityError.exposed(FileExposure(path: test.path, fault: fault))) { try Site(at: test.path) }
        chown(test.path, 0, 0)
        chown("\(test.path)/site.json", 65534, 65534)
        #expect(throws: FacilityError.exposed(FileExposure(path: "\(test.path)/site.json", fault: fault))) {
            try Site(at: test.path)
        }
    }

    @Test("a folder without a site is no site, whatever its mode")
    func noSite() throws {
        let path = test.folder + "/empty"
        mkdir(path, 0o755)
        #expect(throws: FacilityError.siteMissing(path: path)) { try Site(at: path) }
    }
}

@Suite("Descriptors by their names")
struct InputDescriptorTests {
    @Test(
        "names of descriptors",
        arguments: [
            ("/dev/stdin", 0), ("/dev/fd/0", 0), ("/dev/fd/63", 63), ("/proc/self/fd/7", 7),
            ("/proc/thread-self/fd/7", 7), ("/proc/\(getpid())/fd/12", 12),
        ])
    func names(path: String, number: Int) {
        #expect(InputDescriptor.number(in: path) == Int32(number))
    }

    @Test(
        "other names",
        arguments: [
            "", "/dev/fd/", "/dev/fd/-1", "/dev/fd/+1", "/dev/fd/1x", "/dev/fd/../fd/1", "/dev/fd", "dev/fd/1",
            "/dev/stdin/", "/proc/1/fd/1", "/dev/fd/99999999999999999999",
        ])
    func otherNames(path: String) {
        #expect(InputDescriptor.number(in: path) == nil)
    }

    @Test("a descriptor keeps its position, a file begins anew")
    func position() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "ipek-\(UUID().uuidString)").path
        try Data("one".utf8).write(to: URL(filePath: path))
        defer { unlink(path) }
        let first = InputDescriptor.open(path, O_RDONLY)
        var byte: UInt8 = 0
        #expect(read(first, &byte, 1) == 1 && byte == UInt8(ascii: "o"))
        let second = InputDescriptor.open("/dev/fd/\(first)", O_RDONLY)
        #expect(second >= 0 && second != first)
        #expect(read(second, &byte, 1) == 1 && byte == UInt8(ascii: "n"))
        close(second)
        close(first)
        // Tests run beside each other, and none of them has as many as that open.
        #expect(InputDescriptor.open("/dev/fd/654321", O_RDONLY) == -1 && errno == EBADF)
    }
}
