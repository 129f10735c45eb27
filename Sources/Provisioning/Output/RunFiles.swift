import Glibc

/// The files of a run while it goes on.
///
/// One owner: the stage that delivers chunks.
final class RunFiles {
    private let folder: OutputFolder
    private let keyBlocks: OutputFile?
    private let report: OutputFile
    private let rejected: OutputFile?
    private let sums: OutputFile
    private var devicesFolder: Int32 = -1
    private let ending: StaticString

    /// Makes the files with their first lines.
    ///
    /// - Parameters:
    ///   - header: the manifest's header row, for a run that keeps going.
    ///   - ending: of the name of a device's file.
    init(_ folder: OutputFolder, layout: Layout, header: ManifestHeader?, ending: StaticString = ".tr31") throws {
        self.folder = folder
        self.ending = ending
        keyBlocks = try layout.fileName.map(folder.makeFile)
        report = try folder.makeFile("check-values.csv")
        rejected = try header.map { _ in try folder.makeFile("rejected.csv") }
        sums = try folder.makeFile("SHA256SUMS")
        if layout == .files { devicesFolder = try folder.makeFolder("devices") }
        try keyBlocks?.write("\(layout.head)")
        try report.write(
            "line,device_id,model,slot,ksn,algorithm,kcv,kcv_algorithm,bdk,kbpk,status,reason\n")
        if let header { try rejected?.write(Self.record(header.columns + ["line", "reason"])) }
    }

    deinit {
        if devicesFolder >= 0 { close(devicesFolder) }
    }

    /// Where a worker writes device files, for the layout that has them.
    func makeDeviceFiles() throws -> DeviceFiles? {
        guard devicesFolder >= 0 else { return nil }
        return try DeviceFiles(folder: devicesFolder, path: "\(folder.incompletePath)/devices", ending: ending)
    }

    /// Writes what came of a chunk.
    func write(_ chunk: ProvisioningChunk) throws {
        try keyBlocks?.write(chunk.keyBlocks.bytes)
        try report.write(chunk.report.bytes)
        try rejected?.write(chunk.rejected.bytes)
        try sums.write(chunk.sums.bytes)
    }

    /// Brings to disk what was written so far: device files all at once, since there may be a million, others one by one.
    func sync() throws {
        if devicesFolder >= 0 { return try folder.syncFileSystem() }
        for file in [report, keyBlocks, rejected] { try file?.sync() }
    }

    /// What follows is on disk before the folder gets its name: the digests of what was written so far, in `SHA256SUMS` too.
    func finishRows() throws -> [(name: String, digest: String)] {
        try [report, keyBlocks, rejected].compactMap(\.self).map(finish)
    }

    /// Adds a file that `write` fills.
    func add(_ name: String, _ write: (OutputFile) throws -> Void) throws {
        let file = try folder.makeFile(name)
        try write(file)
        _ = try finish(file)
    }

    /// Brings the sums of all files to disk.
    ///
    /// - Returns: the SHA-256 of the sums, which stands for all files.
    func finishSums() throws -> String {
        let digest = try sums.finish()
        if devicesFolder >= 0 { fsync(devicesFolder) }
        return digest
    }

    private func finish(_ file: OutputFile) throws -> (name: String, digest: String) {
        let digest = try file.finish()
        try sums.write("\(digest)  \(file.name)\n")
        return (file.name, digest)
    }

    private static func record(_ fields: [String]) -> String {
        let buffer = ByteBuffer(capacity: 256)
        for (index, field) in fields.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(csv: field)
        }
        buffer.append(UInt8(ascii: "\n"))
        return String(decoding: buffer.characters, as: UTF8.self)
    }
}
