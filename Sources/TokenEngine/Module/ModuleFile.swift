internal import Glibc

/// A shared library that may be loaded: what it does, this process does.
struct ModuleFile {
    /// Without links, so that a module that is reached in two ways is loaded once.
    let path: String

    init(_ given: String) throws(TokenError) {
        guard let resolved = realpath(given, nil) else {
            throw .moduleUnavailable(path: given, reason: Self.reason(errno))
        }
        path = String(cString: resolved)
        free(resolved)
        try check(given)
    }

    /// Whoever may write the file, or put another one in the place of it or of a folder on the way to it, decides what
    /// this process does with the PIN and the keys.
    private func check(_ given: String) throws(TokenError) {
        let file = try Self.status(of: path, given)
        guard file.st_mode & S_IFMT == S_IFREG else {
            throw .moduleUnavailable(path: given, reason: "it is not a file")
        }
        if let reason = Self.distrust(file, "it", "to it") { throw .moduleUntrusted(path: given, reason: reason) }
        for (index, folder) in folders.enumerated() {
            let what = index == 0 ? "its folder" : "the folder \(folder)"
            guard let reason = Self.distrust(try Self.status(of: folder, given), what, what) else { continue }
            throw .moduleUntrusted(path: given, reason: reason)
        }
    }

    /// The folder that the file is in, the one that this is in, and so on up to `/`.
    private var folders: [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            folders.append(rest.isEmpty ? "/" : String(rest))
        }
        return folders
    }

    /// Why somebody else than root and the caller could change it; nil where nobody could.
    private static func distrust(_ information: stat, _ what: String, _ whatIsWritten: String) -> String? {
        guard information.st_uid == 0 || information.st_uid == geteuid() else {
            return "\(what) belongs to user \(information.st_uid)"
        }
        // In a folder such as /tmp nobody can replace what is another user's, and what is in it was looked at before: it
        // is root's or the caller's.
        let isSticky = information.st_mode & S_IFMT == S_IFDIR && information.st_mode & S_ISVTX != 0
        guard information.st_mode & (S_IWGRP | S_IWOTH) == 0 || isSticky else {
            return "others may write \(whatIsWritten)"
        }
        return nil
    }

    private static func status(of path: String, _ given: String) throws(TokenError) -> stat {
        var information = stat()
        guard lstat(path, &information) == 0 else {
            throw .moduleUnavailable(path: given, reason: reason(errno))
        }
        return information
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
