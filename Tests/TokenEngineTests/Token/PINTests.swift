import Foundation
import Testing

@testable import TokenEngine

@Suite struct PINTests {
    let folder: URL
    let path: String

    init() throws {
        folder = try TokenServer.temporaryFolder()
        path = folder.appending(path: "pin").path
    }

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func byteCount(_ source: String) throws -> Int {
        let pin = try TokenPIN(source: source)
        return pin.withExposedBytes { $0.count }
    }

    @Test(arguments: ["1234", "1234\n", "1234\r\n", "1234\nnext line"])
    func theFirstLineIsThePIN(text: String) throws {
        try write(text)
        #expect(try byteCount("file:\(path)") == 4)
        #expect(try byteCount("file://\(path)") == 4)
        #expect(try byteCount(path) == 4)
    }

    @Test(arguments: ["", "\n", "\n1234", String(repeating: "1", count: 256), String(repeating: "1", count: 5000)])
    func anEmptyOrEndlessLineIsNone(text: String) throws {
        try write(text)
        #expect(throws: PINSourceError.notAPIN(path: path)) { _ = try TokenPIN(source: path) }
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o611, 0o666])
    func aFileThatOthersMayReadIsRefused(mode: Int) throws {
        try write("1234", mode: mode)
        let error = PINSourceError.untrusted(
            path: path, reason: "expected mode 0600, found 0\(String(mode, radix: 8))")
        #expect(throws: error) { _ = try TokenPIN(source: path) }
        #expect(error.category == .refused)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func aFileOfAnotherUserIsRefused() throws {
        try write("1234")
        try #require(chown(path, 65534, 65534) == 0)
        #expect(throws: PINSourceError.untrusted(path: path, reason: "it belongs to user 65534")) {
            _ = try TokenPIN(source: path)
        }
    }

    @Test func whatIsNotThereIsMissing() {
        #expect(throws: PINSourceError.missing(path: path)) { _ = try TokenPIN(source: path) }
        #expect(throws: PINSourceError.missing(path: "/dev/fd/1023")) { _ = try TokenPIN(source: "/dev/fd/1023") }
    }

    @Test(arguments: ["pin", "file:pin", "|cat /etc/pin", "http://host/pin", "env:PIN", ""])
    func whatIsNoFileIsRefused(source: String) {
        #expect(throws: PINSourceError.notAFile) { _ = try TokenPIN(source: source) }
    }

    @Test func aFolderIsRefused() {
        #expect(throws: PINSourceError.unreadable(path: folder.path, reason: "it is not a file")) {
            _ = try TokenPIN(source: folder.path)
        }
    }

    /// A named pipe would wait for a writer.
    @Test func aNamedPipeIsRefused() throws {
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: PINSourceError.unreadable(path: path, reason: "it is not a file")) {
            _ = try TokenPIN(source: path)
        }
    }

    @Test(arguments: ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"])
    func aDescriptorIsReadToTheEndOfItsLine(folder: String) throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("123456\nrest".utf8))
        let number = pipe.fileHandleForReading.fileDescriptor
        #expect(try byteCount("file:\(folder)\(number)") == 6)
        // The descriptor is the caller's own: only a copy of it was closed.
        #expect(try pipe.fileHandleForReading.read(upToCount: 4) == Data("rest".utf8))
    }
}
