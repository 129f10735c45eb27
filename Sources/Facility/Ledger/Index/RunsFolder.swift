import Glibc

/// The folder `runs/` of a site, which holds an index for each finished run.
struct RunsFolder: ~Copyable {
    static let name = "runs"

    private let folder: SiteFolder

    /// Opens the folder; nil where there is none.
    init?(of site: Site) throws(FacilityError) {
        let parent = try Site.open(site.path)
        guard let folder = try parent.subfolder(Self.name) else { return nil }
        self.folder = folder
    }

    /// Opens the folder, made before where there is none.
    init(makingIn site: Site) throws(FacilityError) {
        let parent = try Site.open(site.path)
        try FacilityError.converting { try parent.makeFolder(Self.name) }
        guard let folder = try parent.subfolder(Self.name) else {
            throw .file(FileFailure("opening", "\(site.path)/\(Self.name)", code: ENOENT))
        }
        self.folder = folder
    }

    var path: String { folder.path }

    static func fileName(_ run: RunIdentifier) -> String { "\(run).index" }

    /// A file to be read; nil where there is none.
    func open(_ name: String) throws(FacilityError) -> IndexFile? {
        try folder.openFile(name, O_RDONLY).map { IndexFile($0, path: "\(path)/\(name)") }
    }

    /// A new file, in the place of what a crash may have left of one.
    func make(_ name: String) throws(FacilityError) -> IndexFile {
        folder.remove(name)
        guard let descriptor = try folder.openFile(name, O_RDWR | O_CREAT | O_EXCL) else {
            throw .file(FileFailure("making", "\(path)/\(name)"))
        }
        return IndexFile(descriptor, path: "\(path)/\(name)")
    }

    func rename(_ name: String, to newName: String) throws(FacilityError) {
        try FacilityError.converting { try folder.rename(name, to: newName) }
    }

    func remove(_ name: String) { folder.remove(name) }

    /// Sees that the names in it are on disk.
    func synchronize() throws(FacilityError) { try FacilityError.converting { try folder.synchronize() } }

    /// The names of what is there and finished, in order.
    func finishedFiles() throws(FacilityError) -> [String] {
        guard let entries = opendir(path) else { throw .file(FileFailure("reading", path)) }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if RunIdentifier(name) != nil, !name.hasSuffix(".new") { names.append(name) }
        }
        return names.sorted()
    }
}

extension SiteFolder {
    /// A folder in this one, under the same rules; nil where there is none.
    func subfolder(_ name: String) throws(FacilityError) -> SiteFolder? {
        let path = "\(self.path)/\(name)"
        let status: stat?
        do throws(FileFailure) { status = try self.status(of: name) } catch { throw .file(error) }
        guard let status else { return nil }
        if let exposure = FileExposure(path, status, isFolder: true) { throw .exposed(exposure) }
        let folder: SiteFolder
        do throws(FileFailure) { folder = try SiteFolder(path) } catch { throw .file(error) }
        return folder
    }

    /// Makes a folder for the owner alone, where there is none.
    func makeFolder(_ name: String) throws(FileFailure) {
        guard try makesFolder(name) else { return }
        try synchronize()
    }
}
