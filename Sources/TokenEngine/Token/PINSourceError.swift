/// What is wrong with the file of a PIN.
public enum PINSourceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither `file:` with an absolute path nor an absolute path.
    case notAFile
    /// It is not there.
    case missing(path: String)
    /// The operating system refused.
    case unreadable(path: String, reason: String)
    /// Others could have read it.
    case untrusted(path: String, reason: String)
    /// Nothing was typed, or too much.
    case notTyped
    /// It has no first line, or one that is too long.
    case notAPIN(path: String)

    /// What kind of error it is, for the exit status.
    public var category: TokenError.Category {
        switch self {
        case .notAFile: .usage
        case .missing: .missing
        case .unreadable, .notAPIN, .notTyped: .badInput
        case .untrusted: .refused
        }
    }

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .notAFile: "pin-source: expected file: with an absolute path"
        case .missing(let path): "the PIN file \(path) does not exist"
        case .unreadable(let path, let reason): "the PIN file \(path) cannot be read: \(reason)"
        case .untrusted(let path, let reason): "the PIN file \(path) is not taken: \(reason)"
        case .notTyped: "expected a PIN of 1 to \(TokenPIN.maximumByteCount) bytes"
        case .notAPIN(let path): "\(path): expected a PIN of 1 to \(TokenPIN.maximumByteCount) bytes on the first line"
        }
    }

    var hint: String? {
        switch self {
        case .untrusted: "it must belong to root or to you, with mode 0600 or 0400"
        default: nil
        }
    }
}
