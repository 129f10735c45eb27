import Glibc
import PaymentCrypto

/// Reads the file of one device and holds it against its line of `SHA256SUMS`.
///
/// One owner: a worker.
final class DeviceMaterials {
    private let folder: Int32
    private let path: String
    private let digest: SHA256Stream
    private let digits: UnsafeMutablePointer<UInt8>
    private let name: UnsafeMutablePointer<CChar>
    private let mostBytes: Int
    private static let longestName = 256
    /// Where a line of `SHA256SUMS` has the name: behind 64 digits, two blanks and `devices/`, as its reader has made sure.
    static let nameOffset = 64 + 2 + 8

    /// - Parameters:
    ///   - folder: the open folder `devices`, which stays the caller's.
    ///   - path: its name for messages.
    init(folder: Int32, path: String, isKeyBlock: Bool = false) throws(VerificationError) {
        (self.folder, self.path) = (folder, path)
        // A key block has 9,999 characters at most; a token may have certificates and a revocation list in it.
        mostBytes = isKeyBlock ? 10_000 : 1 << 20
        digest = try VerificationError.digesting { () throws(EngineError) in try SHA256Stream() }
        digits = .allocate(capacity: 64)
        name = .allocate(capacity: Self.longestName)
    }

    deinit {
        digits.deallocate()
        name.deallocate()
    }

    /// What came of a file.
    enum Outcome {
        /// Where the material is in the buffer, without its line end.
        case read(offset: Int, count: Int, isExposed: Bool)
        case differs(Diagnostic)
    }

    /// Reads the file of a line of `SHA256SUMS` behind what is in `buffer`.
    func read(_ line: UnsafeBufferPointer<UInt8>, into buffer: ByteBuffer) throws(VerificationError) -> Outcome {
        let file = UnsafeBufferPointer(rebasing: line[Self.nameOffset...])
        guard file.count < Self.longestName else { return differs(file, "the name is too long") }
        for (index, byte) in file.enumerated() { name[index] = CChar(bitPattern: byte) }
        name[file.count] = 0
        let opened: OpenFile
        switch OpenFile.open(name, in: folder) {
        case .success(let found): opened = found
        case .failure(let oddity): return differs(file, oddity.description)
        }
        defer { close(opened.descriptor) }
        guard opened.byteCount <= mostBytes else {
            return differs(file, "the file is longer than any that a run makes")
        }
        let start = buffer.count
        try readAll(opened, file, into: buffer)
        return try check(file, line, buffer, from: start, isExposed: opened.isExposed)
    }

    private func readAll(
        _ file: OpenFile, _ name: UnsafeBufferPointer<UInt8>, into buffer: ByteBuffer
    ) throws(VerificationError) {
        let start = buffer.count
        while buffer.count - start <= mostBytes {
            let room = max(512, file.byteCount + 1 - (buffer.count - start))
            let count = Glibc.read(file.descriptor, buffer.reserve(room), room)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .readingFailed(path: path(of: name), code: errno) }
            if count == 0 { return }
            buffer.advance(by: count)
            // A file this small comes at once: its end need not be asked for when the size was right.
            if buffer.count - start == file.byteCount { return }
        }
    }

    private func check(
        _ name: UnsafeBufferPointer<UInt8>, _ line: UnsafeBufferPointer<UInt8>, _ buffer: ByteBuffer, from start: Int,
        isExposed: Bool
    ) throws(VerificationError) -> Outcome {
        let contents = UnsafeBufferPointer(rebasing: buffer.characters[start...])
        try VerificationError.digesting { () throws(EngineError) in
            try digest.hash(UnsafeRawBufferPointer(contents), toHexadecimal: digits)
        }
        guard UnsafeBufferPointer(start: digits, count: 64).isEqual(to: UnsafeBufferPointer(rebasing: line[..<64]))
        else {
            return differs(name, "the file was changed: its SHA-256 is not that of SHA256SUMS")
        }
        guard contents.last == UInt8(ascii: "\n"), contents.dropLast().firstIndex(of: UInt8(ascii: "\n")) == nil else {
            return differs(name, "expected one line with its end")
        }
        return .read(offset: start, count: contents.count - 1, isExposed: isExposed)
    }

    private func path(of name: UnsafeBufferPointer<UInt8>) -> String {
        "\(path)/\(String(decoding: name, as: UTF8.self))"
    }

    private func differs(_ name: UnsafeBufferPointer<UInt8>, _ message: String) -> Outcome {
        .differs(Diagnostic(file: path(of: name), message: message))
    }
}
