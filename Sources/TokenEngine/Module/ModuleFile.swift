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
        try Self.check(path, of: given, isFolder: false)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        try Self.check(folder.isEmpty ? "/" : folder, of: given, isFolder: true)
    }

    /// Who may write it decides what this process does with the PIN and the keys.
    private static func check(_ path: String, of given: String, isFolder: Bool) throws(TokenError) {
        var information = stat()
        guard stat(path, &information) == 0 else {
            throw .moduleUnavailable(path: given, reason: reason(errno))
        }
        let kind = information.st_mode & S_IFMT
        guard kind == (isFolder ? S_IFDIR : S_IFREG) else {
            throw .moduleUnavailable(path: given, reason: "it is not a file")
        }
        let what = isFolder ? "its folder" : "it"
        guard information.st_uid == 0 || information.st_uid == geteuid() else {
            throw .moduleUntrusted(path: given, reason: "\(what) belongs to user \(information.st_uid)")
        }
        // In a folder such as /tmp nobody can replace another user's file.
        let isSticky = isFolder && information.st_mode & S_ISVTX != 0
        guard information.st_mode & (S_IWGRP | S_IWOTH) == 0 || isSticky else {
            throw .moduleUntrusted(path: given, reason: "others may write \(isFolder ? "its folder" : "to it")")
        }
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
