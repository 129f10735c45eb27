import Glibc

/// The folder of a finished run, opened for reading: no link is followed in it, and nothing but plain files is read.
final class RunFolder: Sendable {
    /// As it was given, without trailing slashes.
    let path: String
    let descriptor: Int32

    init(_ requested: String) throws(VerificationError) {
        path = OutputFolder.withoutTrailingSlashes(requested)
        // A link to the folder itself is the user's own.
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw switch errno {
            case ENOENT: .missing(path: path)
            case ENOTDIR: .noRun(path: path, reason: "a file")
            default: .readingFailed(path: path, code: errno)
            }
        }
    }

    deinit {
        close(descriptor)
    }

    /// Where a file of it lies, for messages.
    func path(of name: String) -> String { "\(path)/\(TextExcerpt.plainOrQuoted(name))" }

    /// Opens a file.
    func open(_ name: String) -> Result<OpenFile, FileOddity> {
        name.withCString { OpenFile.open($0, in: descriptor) }
    }

    /// Opens a folder in it; nil where there is none.
    func openFolder(_ name: String) -> Int32? {
        let folder = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return folder >= 0 ? folder : nil
    }

    /// The permissions of an open file or folder.
    static func mode(of descriptor: Int32) -> mode_t {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? information.st_mode & 0o7777 : 0
    }
}

/// Why a file is not read.
enum FileOddity: Error, Equatable, CustomStringConvertible {
    case missing
    case link
    case notRegular
    case unreadable(code: Int32)

    /// As a difference has it.
    var description: String {
        switch self {
        case .missing: "the file is missing"
        case .link: "expected a file, found a symbolic link"
        case .notRegular: "expected a file, found something else"
        case .unreadable(let code): "cannot be read: \(String(cString: strerror(code)).lowercased())"
        }
    }
}

/// A plain file that is open for reading; whoever has it closes it.
struct OpenFile {
    let descriptor: Int32
    let byteCount: Int
    /// Whether somebody else than its owner could read or change it.
    let isExposed: Bool

    /// Opens a file in a folder; opening a named pipe does not wait for its writer.
    static func open(_ name: UnsafePointer<CChar>, in folder: Int32) -> Result<OpenFile, FileOddity> {
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            return .failure(oddity(errno))
        }
        var information = stat()
        guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(file)
            return .failure(.notRegular)
        }
        return .success(
            OpenFile(
                descriptor: file, byteCount: Int(information.st_size),
                isExposed: information.st_mode & 0o7777 != 0o600))
    }

    private static func oddity(_ code: Int32) -> FileOddity {
        switch code {
        case ENOENT: .missing
        case ELOOP: .link
        case ENXIO: .notRegular
        default: .unreadable(code: code)
        }
    }
}
