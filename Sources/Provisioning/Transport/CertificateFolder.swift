import Glibc

/// The manifest's folder, beneath which the devices' certificates lie.
///
/// A path is taken apart and opened folder by folder, so that neither `..` nor a link leads out of it. Unchecked: the
/// descriptor is read from only.
final class CertificateFolder: Sendable {
    private let descriptor: Int32

    /// The longest file: a certificate has two kilobytes or so, and some text may stand before it.
    static let byteLimit = 65_536

    /// Opens a folder; how its own path is made up does not matter.
    init(_ path: String) throws(OutputError) {
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotMake(path: path, code: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// The bytes of a file beneath the folder.
    func read(_ cell: UnsafeBufferPointer<UInt8>) -> Result<[UInt8], CertificateFault> {
        Result { () throws(CertificateFault) in
            let file = try openFile(cell)
            defer { close(file) }
            return try Self.contents(of: file, cell)
        }
    }

    private func openFile(_ cell: UnsafeBufferPointer<UInt8>) throws(CertificateFault) -> Int32 {
        let slash = UInt8(ascii: "/")
        if cell.first == slash {
            throw CertificateFault(message: "expected a path beneath the manifest's folder, found an absolute one")
        }
        let parts = try Self.parts(cell)
        guard let last = parts.last, cell.last != slash else {
            throw CertificateFault(message: "expected a file, found \(TextExcerpt(cell))")
        }
        var folder = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        for part in parts.dropLast() {
            let next = Self.open(part, in: folder, O_DIRECTORY)
            let fault = next < 0 ? Self.fault(part, in: folder, cell, code: errno) : nil
            close(folder)
            if let fault { throw fault }
            folder = next
        }
        defer { close(folder) }
        // Opening a named pipe must not wait for its writer.
        let file = Self.open(last, in: folder, O_NONBLOCK)
        guard file >= 0 else { throw Self.fault(last, in: folder, cell, code: errno) }
        return file
    }

    /// The folders and the file that a path names, `..` taken as a matter of names: no link is followed for it.
    private static func parts(
        _ cell: UnsafeBufferPointer<UInt8>
    ) throws(CertificateFault) -> [Slice<UnsafeBufferPointer<UInt8>>] {
        var parts: [Slice<UnsafeBufferPointer<UInt8>>] = []
        for part in cell.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            guard part.elementsEqual("..".utf8) else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else {
                throw CertificateFault(message: "expected a path beneath the manifest's folder, found '..' out of it")
            }
        }
        return parts
    }

    private static func open(_ part: Slice<UnsafeBufferPointer<UInt8>>, in folder: Int32, _ flags: Int32) -> Int32 {
        withName(part) { openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags) }
    }

    private static func withName<R>(
        _ part: Slice<UnsafeBufferPointer<UInt8>>, _ body: (UnsafePointer<CChar>) -> R
    ) -> R {
        let name = part.map { CChar(bitPattern: $0) } + [0]
        return name.withUnsafeBufferPointer { buffer in
            // The array has a NUL at least, so it has a beginning.
            buffer.baseAddress.map(body) ?? body("")
        }
    }

    private static func fault(
        _ part: Slice<UnsafeBufferPointer<UInt8>>, in folder: Int32, _ cell: UnsafeBufferPointer<UInt8>, code: Int32
    ) -> CertificateFault {
        let name = TextExcerpt(UnsafeBufferPointer(rebasing: part))
        var information = stat()
        if withName(part, { fstatat(folder, $0, &information, AT_SYMLINK_NOFOLLOW) }) == 0,
            information.st_mode & S_IFMT == S_IFLNK
        {
            return CertificateFault(message: "\(name) is a symbolic link, which is not followed")
        }
        if code == ENOENT { return CertificateFault(message: "\(TextExcerpt(cell)) does not exist") }
        return CertificateFault(
            message: "\(TextExcerpt(cell)) cannot be read: \(String(cString: strerror(code)).lowercased())")
    }

    private static func contents(
        of file: Int32, _ cell: UnsafeBufferPointer<UInt8>
    ) throws(CertificateFault) -> [UInt8] {
        var information = stat()
        guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw CertificateFault(message: "\(TextExcerpt(cell)) is no regular file")
        }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: byteLimit + 1) { buffer, count in
            while count < buffer.count {
                let more = Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if more < 0, errno == EINTR { continue }
                if more < 0 { code = errno }
                if more <= 0 { return }
                count += more
            }
        }
        guard code == 0 else {
            throw CertificateFault(
                message: "\(TextExcerpt(cell)) cannot be read: \(String(cString: strerror(code)).lowercased())")
        }
        guard bytes.count <= byteLimit else {
            throw CertificateFault(message: "expected at most \(byteLimit) bytes, found more")
        }
        return bytes
    }
}
