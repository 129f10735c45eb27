import Glibc
import PaymentCrypto

/// Writes one file per device into one folder, `<device_id>[+<slot>].tr31`, `.tr34` or `.oaep`.
///
/// One owner: a worker.
final class DeviceFiles {
    private let folder: Int32
    private let path: String
    private let ending: StaticString
    /// Whether an interrupted run may have left files that are written anew.
    private let replaces: Bool
    /// The name of the file that is being made, ending in NUL.
    private let name: UnsafeMutablePointer<CChar>
    /// The file's contents: what carries the key, and a line end.
    private let contents = ByteBuffer(capacity: 512)
    private let digest: SHA256Stream
    private static let longestName = 64 + 1 + 8 + 5 + 1

    /// - Parameters:
    ///   - folder: the open folder, which stays the caller's.
    ///   - path: its name for messages.
    ///   - ending: at most five characters.
    ///   - replaces: whether an interrupted run may have left files that are written anew.
    init(folder: Int32, path: String, ending: StaticString, replaces: Bool = false) throws {
        self.replaces = replaces
        self.ending = ending
        self.folder = folder
        self.path = path
        digest = try SHA256Stream()
        name = .allocate(capacity: Self.longestName)
    }

    deinit {
        name.deallocate()
    }

    /// Writes a device's file and its line of `SHA256SUMS`.
    func write(_ device: Int, of chunk: ProvisioningChunk) throws {
        let nameCount = setName(chunk.devices.identifier(device), slot: chunk.text(chunk.devices.slot[device]))
        contents.removeAll()
        contents.append(chunk.products.material(of: device))
        contents.append(UInt8(ascii: "\n"))
        try writeContents()
        try digest.hash(contents.bytes, toHexadecimal: chunk.sums.reserve(64))
        chunk.sums.advance(by: 64)
        chunk.sums.append("  devices/")
        name.withMemoryRebound(to: UInt8.self, capacity: nameCount) { characters in
            chunk.sums.append(UnsafeBufferPointer(start: characters, count: nameCount))
        }
        chunk.sums.append(UInt8(ascii: "\n"))
    }

    private func setName(_ identifier: UnsafeBufferPointer<UInt8>, slot: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        func append(_ byte: UInt8) {
            name[count] = CChar(bitPattern: byte)
            count += 1
        }
        for byte in identifier { append(byte) }
        if slot.count > 0 {
            append(UInt8(ascii: "+"))
            for byte in slot { append(byte) }
        }
        for byte in UnsafeBufferPointer(start: ending.utf8Start, count: ending.utf8CodeUnitCount) { append(byte) }
        name[count] = 0
        return count
    }

    private func writeContents() throws(OutputError) {
        var file = make()
        if file < 0, errno == EEXIST, replaces, unlinkat(folder, name, 0) == 0 { file = make() }
        guard file >= 0 else { throw failure() }
        let code = writeAll(to: file)
        guard close(file) == 0 || errno == EINTR, code == 0 else {
            throw .writingFailed(path: "\(path)/\(String(cString: name))", code: code == 0 ? errno : code)
        }
    }

    private func make() -> Int32 {
        var file: Int32
        repeat {
            file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        } while file < 0 && errno == EINTR
        return file
    }

    /// Zero, or why it failed.
    private func writeAll(to file: Int32) -> Int32 {
        var rest = contents.bytes
        while rest.count > 0 {
            let written = Glibc.write(file, rest.baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return 0
    }

    private func failure() -> OutputError {
        .writingFailed(path: "\(path)/\(String(cString: name))", code: errno)
    }
}
