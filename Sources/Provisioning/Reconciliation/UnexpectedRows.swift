import Glibc

/// Rows that the run does not have: kept in a file without a name until the run's own devices are written.
///
/// One owner.
final class UnexpectedRows {
    private let descriptor: Int32
    private let path: String
    private let text = ByteBuffer(capacity: 1 << 17)

    /// - Parameter folder: where the report will be.
    init(in folder: Int32, path: String) throws(OutputError) {
        self.path = path
        let name = "\(path.split(separator: "/").last.map(String.init) ?? path).unexpected"
        // What a run of this command that was killed has left.
        unlinkat(folder, name, 0)
        descriptor = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotMake(path: "\(path).unexpected", code: errno) }
        unlinkat(folder, name, 0)
    }

    deinit {
        close(descriptor)
    }

    /// Notes a row.
    ///
    /// - Parameters:
    ///   - isRefused: whether the run has refused the device.
    ///   - hasSlots: whether the run tells devices' keys apart.
    func write(_ row: ReturnedRow, isRefused: Bool, hasSlots: Bool) throws(OutputError) {
        text.append(decimal: row.line)
        for cell in [row.identifier, row.slot, row.serialNumber] {
            text.append(UInt8(ascii: ","))
            text.append(csv: ReportText.cell(cell))
        }
        text.append(",,")
        row.checkValue.write(to: text)
        text.append(",unexpected,")
        text.append(
            isRefused
                ? "the run has refused this device"
                : hasSlots ? "no such device and slot in the run" : "no such device in the run")
        text.append("\n")
        if text.count >= 1 << 16 { try flush() }
    }

    /// Forgets all rows.
    func copy(to file: OutputFile) throws(OutputError) {
        try flush()
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .writingFailed(path: path, code: errno) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .writingFailed(path: path, code: errno) }
            if count == 0 { return }
            try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func flush() throws(OutputError) {
        var rest = text.bytes
        while rest.count > 0 {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .writingFailed(path: path, code: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        text.removeAll()
    }
}
