import Glibc
public import PaymentCrypto

/// Writes a run's index: devices come in any order, and are in order in each segment of the file.
///
/// Memory is flat: devices are sorted piece by piece. What comes in order is one segment of the file; a piece that does
/// not follow the one before begins another. One owner at a time. A writer that is dropped leaves nothing behind.
public final class RunIndexWriter {
    private let folder: RunsFolder
    private let run: RunIdentifier
    private let baseKeys: [RunIndexBaseKey]
    private let header: [UInt8]
    private let file: IndexFile
    private let writer: IndexBlockWriter
    private let batch: IndexBatch
    private var isFinished = false

    /// Begins the index of a run in the site's `runs/`.
    public convenience init(
        _ run: RunIdentifier, baseKeys: [RunIndexBaseKey], in site: Site
    ) throws(FacilityError) {
        try self.init(run, baseKeys: baseKeys, in: site, batchLimit: 65_536)
    }

    /// - Parameter batchLimit: how many entries are sorted at once.
    init(
        _ run: RunIdentifier, baseKeys: [RunIndexBaseKey], in site: Site, batchLimit: Int
    ) throws(FacilityError) {
        let folder = try RunsFolder(makingIn: site)
        let header = RunIndexFormat.header(run, baseKeys)
        let file = try folder.make(Self.newName(run))
        do throws(FileFailure) { try file.write(header) } catch { throw .file(error) }
        writer = try FacilityError.converting { try IndexBlockWriter(file) }
        (self.run, self.baseKeys, self.header) = (run, baseKeys, header)
        self.folder = folder
        self.file = file
        batch = IndexBatch(itemLimit: batchLimit)
    }

    deinit {
        guard !isFinished else { return }
        folder.remove(Self.newName(run))
    }

    /// Adds a device that has a key.
    ///
    /// - Parameters:
    ///   - device: its device_id, at most 64 bytes.
    ///   - slot: its slot, at most 8 bytes; empty where there is none.
    ///   - leading: the leading 8 bytes of the initial serial number.
    ///   - baseKey: the base derivation key's index among those that the writer was given.
    public func append(
        device: UnsafeBufferPointer<UInt8>, slot: UnsafeBufferPointer<UInt8>, leading: UInt64, baseKey: Int,
        checkValue: CheckValue
    ) throws(FacilityError) {
        guard (1...IndexEntry.deviceByteLimit).contains(device.count), slot.count <= IndexEntry.slotByteLimit,
            baseKeys.indices.contains(baseKey)
        else { throw .internalFault("a device does not fit into the run's index") }
        let shift = InitialKeySerialNumber.counterBits(baseKeys[baseKey].family)
        if !batch.hasRoom { try FacilityError.converting { try writeBatch() } }
        batch.append(
            IndexEntry(
                device: device, slot: slot, baseKey: UInt32(truncatingIfNeeded: baseKey), place: leading >> shift,
                checkValue: checkValue.leading, checkValueByteCount: checkValue.byteCount))
    }

    /// Brings the index to disk under its name, and says by what the ledger will know it.
    public func finish() throws(FacilityError) -> RunIndexSeal {
        try FacilityError.converting {
            try writeBatch()
            try writer.closeBlock()
            let seal = try writeFrame()
            try file.synchronize()
            try folder.rename(Self.newName(run), to: RunsFolder.fileName(run))
            isFinished = true
            return seal
        }
    }

    private static func newName(_ run: RunIdentifier) -> String { RunsFolder.fileName(run) + ".new" }

    private func writeBatch() throws {
        var isFirst = true
        try batch.drain { entry in
            // Within a batch all is in order.
            if isFirst, !writer.precedes(entry) { try writer.beginSegment() }
            isFirst = false
            try writer.append(entry)
        }
    }

    private func writeFrame() throws -> RunIndexSeal {
        let directory = RunIndexFormat.directory(writer.blocks)
        let trailer = RunIndexFormat.Trailer(
            headerByteCount: header.count, directoryOffset: file.byteCount, directoryByteCount: directory.count,
            deviceCount: writer.deviceCount)
        try file.write(directory)
        try file.write(trailer.bytes)
        return try RunIndexFormat.seal(header: header, directory: directory, trailer: trailer)
    }
}
