import Glibc
public import PaymentCrypto

/// Why a manifest could not be read at all, whatever is in it.
public enum ManifestReadError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused to read.
    case readFailed(errno: Int32)
    /// The file is not what an earlier look at it saw.
    case changed
    /// A certificate that it names is not what an earlier look saw.
    case certificatesChanged
    /// SHA-256 failed.
    case digestFailed(EngineError)
    /// libcsv found no memory.
    case outOfMemory

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .readFailed(let code): "cannot be read: \(String(cString: strerror(code)))"
        case .changed: "changed while it was being read"
        case .certificatesChanged: "names a certificate file that changed while it was being read"
        case .digestFailed(let error): error.description
        case .outOfMemory: "out of memory"
        }
    }
}
