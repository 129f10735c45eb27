import Glibc
import PaymentCrypto

/// Compares the device files that an interrupted run has noted with their digests in `SHA256SUMS`.
struct DeviceFileCheck {
    private let folder: Int32
    private let path: String
    /// Longer than any token.
    private static let fileLimit = 1 << 16

    /// - Parameters:
    ///   - folder: the open folder, which stays the caller's.
    ///   - path: its name for messages.
    init(folder: Int32, path: String) {
        (self.folder, self.path) = (folder, path)
    }

    /// Looks at every file of the sums, which were proved to be the run's own and cut to what counts.
    func run(sums name: String, in output: OutputFolder) throws {
        let lines = try CommittedLines("SHA256SUMS", in: output)
        let digest = try SHA256Stream()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.fileLimit, alignment: 64)
        let text = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
        defer {
            buffer.deallocate()
            text.deallocate()
        }
        while let line = try lines.next() {
            guard line.count > Self.prefix, line.count < Self.prefix + 128 else { throw damage("SHA256SUMS") }
            let fileName = String(decoding: line.dropFirst(Self.prefix), as: UTF8.self)
            let content = try read(fileName, buffer)
            try digest.hash(content, toHexadecimal: text)
            guard line.prefix(64).elementsEqual(UnsafeBufferPointer(start: text, count: 64)) else {
                throw damage(fileName)
            }
        }
    }

    /// The digest, two blanks and `devices/`.
    private static let prefix = 64 + 2 + 8

    private func read(
        _ name: String, _ buffer: UnsafeMutableRawBufferPointer
    ) throws -> UnsafeRawBufferPointer {
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            guard errno == ENOENT || errno == ELOOP else {
                throw OutputError.readingFailed(path: "\(path)/\(name)", code: errno)
            }
            throw ResumeError.damaged(path: "\(path)/\(name)", reason: "the file is missing")
        }
        defer { close(file) }
        var count: Int
        repeat { count = Glibc.read(file, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw OutputError.readingFailed(path: "\(path)/\(name)", code: errno) }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    private func damage(_ name: String) -> ResumeError {
        .damaged(path: "\(path)/\(name)", reason: "the file is not what the run has written")
    }
}
