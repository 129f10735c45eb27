import Glibc
import PaymentCrypto

/// Finds what lies in the folder of a run and does not belong there.
struct FolderCensus {
    let folder: RunFolder

    /// What is in the folder itself besides these.
    func strangers(besides names: Set<String>) throws(VerificationError) -> [Diagnostic] {
        var found: [Diagnostic] = []
        try forEachName(in: folder.descriptor, folder.path) { name in
            let text = String(decoding: name, as: UTF8.self)
            if !names.contains(text), found.count < Self.limit { found.append(stranger(folder.path, text)) }
        }
        return found.sorted { ($0.file ?? "") < ($1.file ?? "") }
    }

    /// The names in `devices`, as a sum.
    func devices(in descriptor: Int32) throws(VerificationError) -> NameSum {
        var sum = NameSum()
        try forEachName(in: descriptor, devicesPath) { sum.add($0) }
        return sum
    }

    /// The names in `devices` that are not among those with these hashes; asked only where there are some.
    func strangers(in descriptor: Int32, besides hashes: Set<UInt64>) throws(VerificationError) -> [Diagnostic] {
        var found: [Diagnostic] = []
        try forEachName(in: descriptor, devicesPath) { name in
            guard found.count < Self.limit, !hashes.contains(NameSum.hash(name)) else { return }
            found.append(stranger(devicesPath, String(decoding: name, as: UTF8.self)))
        }
        return found.sorted { ($0.file ?? "") < ($1.file ?? "") }
    }

    private var devicesPath: String { folder.path(of: "devices") }

    private static let limit = 1_000

    private func stranger(_ path: String, _ name: String) -> Diagnostic {
        Diagnostic(
            file: "\(path)/\(TextExcerpt.plainOrQuoted(name))",
            message: "not a file of the run: SHA256SUMS does not list it")
    }

    private func forEachName(
        in folder: Int32, _ path: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(VerificationError) {
        // A descriptor of its own, so that the place in the list is, too.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw .readingFailed(path: path, code: code)
        }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                    let name = UnsafeBufferPointer(
                        start: start, count: strnlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), 256))
                    if !name.isEqual(to: ".") && !name.isEqual(to: "..") { body(name) }
                }
            }
            errno = 0
        }
        if errno != 0 { throw .readingFailed(path: path, code: errno) }
    }
}
