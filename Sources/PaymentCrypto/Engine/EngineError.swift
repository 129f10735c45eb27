import COpenSSL

/// What a block cipher engine can fail with; equal by kind.
public struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as a caller may want to tell apart.
    public enum Kind: Sendable, Equatable {
        /// OpenSSL has no such cipher (a provider is missing, or a policy forbids it).
        case cipherUnavailable(String)
        /// The operation was refused or failed inside the engine.
        case operationFailed(String)
        /// The random generator gave nothing.
        case randomnessUnavailable
        /// The token that has the key cannot be used, or is gone.
        case tokenUnavailable(String)
        /// The key, or the token that has it, does not allow what was asked for.
        case notPermitted(String)
    }

    /// The kind; equality looks at nothing else.
    public let kind: Kind
    /// The engine's own words, for the message; never anything secret.
    public let detail: String

    /// An error of this kind, with the engine's own words if there are any.
    public init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.detail = detail
    }

    /// Takes what OpenSSL has queued into the error, so that nothing stale is left for the next one.
    static func draining(_ kind: Kind) -> EngineError {
        var words: [String] = []
        while true {
            let code = ERR_get_error()
            if code == 0 { break }
            if let reason = ERR_reason_error_string(code) { words.append(String(cString: reason)) }
        }
        return EngineError(kind, detail: words.joined(separator: "; "))
    }

    /// Equal by kind.
    public static func == (left: EngineError, right: EngineError) -> Bool { left.kind == right.kind }

    /// Lower case, without a full stop.
    public var description: String {
        let what =
            switch kind {
            case .cipherUnavailable(let name): "cipher \(name) is not available"
            case .operationFailed(let operation): "\(operation) failed"
            case .randomnessUnavailable: "the random generator failed"
            case .tokenUnavailable(let what): what
            case .notPermitted(let what): what
            }
        return detail.isEmpty ? what : "\(what) (\(detail))"
    }
}
