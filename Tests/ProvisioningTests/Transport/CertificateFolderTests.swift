import Foundation
import Testing

@testable import Provisioning

/// Which files a manifest may name: those beneath its own folder, and no other by any way.
struct CertificateFolderTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("ipek-certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("in/sub"), withIntermediateDirectories: true)
        for name in ["outside.pem", "in/a.pem", "in/sub/b.pem"] {
            try Data(name.utf8).write(to: folder.appendingPathComponent(name))
        }
        try Data(count: CertificateFolder.byteLimit + 1).write(to: folder.appendingPathComponent("in/long.pem"))
        for (link, target) in [
            ("in/link.pem", "../outside.pem"), ("in/inner.pem", "a.pem"), ("in/away", ".."), ("in/gone.pem", "nowhere"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent(link).path, withDestinationPath: target)
        }
        try #require(mkfifo(folder.appendingPathComponent("in/pipe.pem").path, 0o600) == 0)
    }

    /// What comes of a name: the file's text, or what is wrong.
    private func read(_ name: String) throws -> String {
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificates = try CertificateFolder(folder.appendingPathComponent("in").path)
        return Array(name.utf8).withUnsafeBufferPointer { cell in
            switch certificates.read(cell) {
            case .success(let bytes): String(decoding: bytes, as: UTF8.self)
            case .failure(let fault): fault.message
            }
        }
    }

    @Test(arguments: [
        ("a.pem", "in/a.pem"), ("./a.pem", "in/a.pem"), ("sub/b.pem", "in/sub/b.pem"),
        ("sub//./b.pem", "in/sub/b.pem"),
        ("sub/../a.pem", "in/a.pem"), ("sub/x/../../sub/./b.pem", "in/sub/b.pem"), ("away/../a.pem", "in/a.pem"),
        ("../outside.pem", "expected a path beneath the manifest's folder, found '..' out of it"),
        ("sub/../../in/a.pem", "expected a path beneath the manifest's folder, found '..' out of it"),
        ("away/../../outside.pem", "expected a path beneath the manifest's folder, found '..' out of it"),
        ("sub/..", "expected a file, found 'sub/..'"),
        ("/etc/passwd", "expected a path beneath the manifest's folder, found an absolute one"),
        ("link.pem", "'link.pem' is a symbolic link, which is not followed"),
        ("inner.pem", "'inner.pem' is a symbolic link, which is not followed"),
        ("gone.pem", "'gone.pem' is a symbolic link, which is not followed"),
        ("away/outside.pem", "'away' is a symbolic link, which is not followed"),
        ("none.pem", "'none.pem' does not exist"), ("none/a.pem", "'none/a.pem' does not exist"),
        ("a.pem/b.pem", "'a.pem/b.pem' cannot be read: not a directory"),
        ("sub", "'sub' is no regular file"), ("sub/", "expected a file, found 'sub/'"),
        (".", "expected a file, found '.'"), ("pipe.pem", "'pipe.pem' is no regular file"),
        ("long.pem", "expected at most 65536 bytes, found more"),
        ("\u{1B}[2J", "'\\x1B[2J' does not exist"),
    ])
    func files(name: String, expected: String) throws {
        #expect(try read(name) == expected)
    }
}
