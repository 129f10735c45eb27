import Glibc
import PaymentCrypto

/// Compares nothing but digests, for a run whose record cannot be read.
struct SumsPass {
    let folder: RunFolder
    let interruption: Interruption

    /// Goes through `SHA256SUMS` line by line.
    ///
    /// - Parameter needed: what must be there, listed or not.
    func run(_ report: inout VerifyReport, needed: [String] = FileFindings.always) throws -> FileFindings {
        var findings = FileFindings()
        findings.needed = needed
        let path = folder.path(of: SumsFile.name)
        let sums: SumsFile
        switch folder.open(SumsFile.name) {
        case .failure(let oddity):
            report.tell(path, oddity.description)
            return findings
        case .success(let file): sums = SumsFile(try LineReader(file, path: path), ending: "")
        }
        let devices = DevicesFolder(folder)
        findings.hasDevices = devices != nil
        let materials = try devices.map { try DeviceMaterials(folder: $0.descriptor, path: $0.path) }
        let (line, contents) = (ByteBuffer(capacity: 256), ByteBuffer(capacity: 512))
        while try sums.next(into: line) != nil {
            if interruption.isRequested { throw VerificationError.interrupted }
            let outcome = try materials?.read(line.characters, into: contents)
            if case .differs(let difference)? = outcome { report.diagnostics.add(difference) }
            if case .read(_, _, true)? = outcome { findings.exposedCount += 1 }
            line.removeAll()
            contents.removeAll()
        }
        try findings.take(sums, &report)
        try findings.tellStrangers(in: devices, sums, folder, &report)
        return findings
    }
}

/// The open folder `devices` of a run.
final class DevicesFolder {
    let descriptor: Int32
    let path: String

    /// Nil where there is none.
    init?(_ folder: RunFolder) {
        guard let descriptor = folder.openFolder("devices") else { return nil }
        (self.descriptor, path) = (descriptor, folder.path(of: "devices"))
    }

    deinit {
        close(descriptor)
    }
}

extension FileFindings {
    /// Takes over what a file of sums has told, once all its lines were read.
    mutating func take(_ file: SumsFile, _ report: inout VerifyReport) throws {
        sums = try file.finish()
        listed = file.files
        for difference in file.differences { report.diagnostics.add(difference) }
    }

    /// Tells of files in `devices` that are not listed; those that are missing were told when they were opened.
    func tellStrangers(
        in devices: DevicesFolder?, _ sums: SumsFile, _ folder: RunFolder, _ report: inout VerifyReport
    ) throws {
        guard let devices else {
            if sums.devices.count > 0 { report.tell(folder.path(of: "devices"), "the folder is missing") }
            return
        }
        let census = FolderCensus(folder: folder)
        guard try census.devices(in: devices.descriptor) != sums.devices else { return }
        var hashes: Set<UInt64> = []
        let path = folder.path(of: SumsFile.name)
        if case .success(let file) = folder.open(SumsFile.name) {
            let again = SumsFile(try LineReader(file, path: path), ending: "")
            let line = ByteBuffer(capacity: 256)
            while try again.next(into: line) != nil {
                hashes.insert(
                    NameSum.hash(UnsafeBufferPointer(rebasing: line.characters[DeviceMaterials.nameOffset...])))
                line.removeAll()
            }
        }
        for stranger in try census.strangers(in: devices.descriptor, besides: hashes) {
            report.diagnostics.add(stranger)
        }
    }
}
