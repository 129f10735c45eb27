import Glibc

extension Site {
    /// Everything in a site's folder that others could reach, the folder itself first; for whoever looks after it.
    public static func exposures(at path: String) throws(FileFailure) -> [FileExposure] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileFailure("reading", path) }
        var found = [FileExposure(path, status, isFolder: true)]
        // What another user owns may not be readable at all.
        guard let folder = opendir(path) else { return found.compactMap { $0 } }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        for name in names.sorted() where fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            found.append(FileExposure("\(path)/\(name)", status, isFolder: status.st_mode & S_IFMT == S_IFDIR))
        }
        return found.compactMap { $0 }
    }
}
