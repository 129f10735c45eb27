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
    private var replacesDeviceFiles = false

    /// Makes the files with their first lines.
    ///
    /// - Parameters:
    ///   - header: the manifest's header row, for a run that keeps going.
    ///   - ending: of the name of a device's file.
    convenience init(
        _ folder: OutputFolder, layout: Layout, header: ManifestHeader?, ending: StaticString = ".tr31"
    ) throws {
        try self.init(folder, layout, keepsRejectedRows: header != nil, ending, make: folder.makeFile)
        if layout == .files { devicesFolder = try folder.makeFolder("devices") }
        try keyBlocks?.write("\(layout.head)")
        try report.write(
            "line,device_id,model,slot,ksn,algorithm,kcv,kcv_algorithm,bdk,kbpk,status,reason\n")
        if let header { try rejected?.write(Self.record(header.columns + ["line", "reason"])) }
    }

    /// Takes up the files that an interrupted run has written in part, as its journal knows them.
    convenience init(
        takingUp commit: JournalCommit, in folder: OutputFolder, layout: Layout, keepsRejectedRows: Bool,
        ending: StaticString
    ) throws {
        try self.init(folder, layout, keepsRejectedRows: keepsRejectedRows, ending) { name in
            guard let state = commit.files[name] else {
                throw ResumeError.damaged(path: folder.path(of: name), reason: "the run has not written it")
            }
            return try folder.takeUpFile(name, state)
        }
        replacesDeviceFiles = true
        if layout == .files {
            devicesFolder = try folder.openFolder("devices")
            try DeviceFileCheck(folder: devicesFolder, path: folder.path(of: "devices"))
                .run(sums: folder.path(of: sums.name), in: folder)
        }
    }

    private init(
        _ folder: OutputFolder, _ layout: Layout, keepsRejectedRows: Bool, _ ending: StaticString,
        make: (String) throws -> OutputFile
    ) throws {
        self.folder = folder
        self.ending = ending
        keyBlocks = try layout.fileName.map(make)
        report = try make("check-values.csv")
        rejected = keepsRejectedRows ? try make("rejected.csv") : nil
        sums = try make("SHA256SUMS")
    }

    deinit {
        if devicesFolder >= 0 { close(devicesFolder) }
    }

    /// Where a worker writes device files, for the layout that has them.
    func makeDeviceFiles() throws -> DeviceFiles? {
        guard devicesFolder >= 0 else { return nil }
        return try DeviceFiles(
            folder: devicesFolder, path: folder.path(of: "devices"), ending: ending, replaces: replacesDeviceFiles)
    }

    /// Writes a chunk's key blocks, where they have one file; nothing else uses that file, so another thread may.
    func writeKeyBlocks(_ chunk: ProvisioningChunk) throws {
        try keyBlocks?.write(chunk.keyBlocks.bytes)
    }

    /// Writes what else came of a chunk.
    func writeRows(_ chunk: ProvisioningChunk) throws {
        try report.write(chunk.report.bytes)
        try rejected?.write(chunk.rejected.bytes)
        try sums.write(chunk.sums.bytes)
    }

    /// Brings to disk what was written so far: device files all at once, since there may be a million, others one by one.
    func sync() throws {
        if devicesFolder >= 0 { return try folder.syncFileSystem() }
        for file in [report, keyBlocks, rejected, sums] { try file?.sync() }
    }

    /// How far the files are, for the journal; `sync` comes first.
    func state() throws -> [String: JournalCommit.File] {
        var state: [String: JournalCommit.File] = [:]
        for file in [report, keyBlocks, rejected, sums] {
            if let file { state[file.name] = try file.state() }
        }
        return state
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
        if devicesFolder >= 0, fsync(devicesFolder) != 0 {
            throw OutputError.writingFailed(path: folder.path(of: "devices"), code: errno)
        }
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
