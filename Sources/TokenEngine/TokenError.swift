/// Why a key in a token cannot be had; nothing secret is in any of them.
public enum TokenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The URI does not say which file the module is.
    case noModulePath
    /// There is no such file, or it cannot be loaded.
    case moduleUnavailable(path: String, reason: String)
    /// Somebody else could have written the module.
    case moduleUntrusted(path: String, reason: String)
    /// The file is no PKCS#11 module.
    case notAModule(path: String, reason: String)
    /// No token matches the URI.
    case tokenMissing(uri: String, found: [String])
    /// No token matches the URI among those that can be asked, and one cannot.
    case slotUnavailable(path: String, uri: String, reason: String)
    /// Several tokens match the URI.
    case severalTokens(uri: String, found: [String])
    /// The token has no PIN yet.
    case pinNotInitialised(token: String)
    /// The token takes no PIN any more.
    case pinLocked(token: String)
    /// The token did not take the PIN, which is not tried again.
    case pinRefused(token: String, reason: String)
    /// The file with the PIN cannot be used.
    case pinSource(PINSourceError)
    /// The URI names no object.
    case noObject
    /// The URI asks for an object of another class.
    case wrongType(expected: String, found: String)
    /// No key matches the URI.
    case keyMissing(uri: String)
    /// Several keys match the URI.
    case severalKeys(uri: String, count: Int)
    /// The key is of another kind than the caller says.
    case wrongAlgorithm(key: String, expected: String, found: String)
    /// Neither the key's attributes nor the token's mechanisms allow what is needed.
    case notPermitted(String)
    /// An object of this label or identifier is in the token.
    case objectExists(label: String)
    /// The key in the token does not compute what it should.
    case wrongCheckValue(key: String, expected: String, found: String)
    /// The token refused to keep the key.
    case notStored(label: String, reason: String)
    /// The token is gone, or does not answer as it should.
    case unavailable(token: String, reason: String)
    /// What cannot be asked for.
    case unusable(String)

    /// What kind of error it is, for the exit status.
    public enum Category: Sendable, Equatable {
        /// The options do not go together, or an argument is no URI that can be used.
        case usage
        /// What was named is ambiguous or is of the wrong kind.
        case badInput
        /// What was named is not there.
        case missing
        /// The token or its module cannot be used.
        case unavailable
        /// There is something of that name.
        case exists
        /// PIN, permission or trust.
        case refused
    }

    /// What kind of error it is, for the exit status.
    public var category: Category {
        switch self {
        case .noModulePath, .noObject, .wrongType, .unusable: .usage
        case .severalTokens, .severalKeys, .wrongAlgorithm: .badInput
        case .keyMissing: .missing
        case .moduleUnavailable, .notAModule, .tokenMissing, .slotUnavailable, .unavailable, .notStored: .unavailable
        case .objectExists: .exists
        case .moduleUntrusted, .pinNotInitialised, .pinLocked, .pinRefused, .notPermitted, .wrongCheckValue: .refused
        case .pinSource(let error): error.category
        }
    }
}

extension TokenError {
    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .noModulePath: "the URI does not say which module has the token"
        case .moduleUnavailable(let path, let reason): "the PKCS#11 module \(path) cannot be loaded: \(reason)"
        case .moduleUntrusted(let path, let reason): "the PKCS#11 module \(path) is not trusted: \(reason)"
        case .notAModule(let path, let reason): "\(path) is not a PKCS#11 module: \(reason)"
        case .tokenMissing(let uri, let found): "no token matches \(uri): \(Self.list(found))"
        case .slotUnavailable(let path, let uri, let reason):
            "no token matches \(uri), and a slot of the PKCS#11 module \(path) cannot be used: \(reason)"
        case .severalTokens(let uri, let found): "expected one token that matches \(uri): \(Self.list(found))"
        case .pinNotInitialised(let token): "token '\(token)' has no user PIN yet"
        case .pinLocked(let token): "the user PIN of token '\(token)' is locked"
        case .pinRefused(let token, let reason): "token '\(token)' did not take the PIN: \(reason)"
        case .pinSource(let error): error.description
        case .noObject: "the URI names no key: expected 'object' or 'id'"
        case .wrongType(let expected, let found): "expected a URI of type \(expected), found \(found)"
        case .keyMissing(let uri): "no key matches \(uri)"
        case .severalKeys(let uri, let count): "expected one key that matches \(uri), found \(count)"
        case .wrongAlgorithm(let key, let expected, let found):
            "key '\(key)' in the token: expected \(expected), found \(found)"
        case .notPermitted(let what): what
        case .objectExists(let label): "there is a key '\(label)' in the token already"
        case .wrongCheckValue(let key, let expected, let found):
            "key '\(key)' in the token: expected check value \(expected), found \(found)"
        case .notStored(let label, let reason): "the token did not keep key '\(label)': \(reason)"
        case .unavailable(let token, let reason): "token '\(token)' cannot be used: \(reason)"
        case .unusable(let what): what
        }
    }

    /// What to do about it, where there is more to say.
    public var hint: String? {
        switch self {
        case .noModulePath: "add ?module-path=/path/to/module.so to the URI"
        case .moduleUntrusted:
            "the module sees the PIN and every key: it must belong to root or to you, and only they may write it"
        case .severalTokens: "add serial= or slot-id= to the URI"
        case .severalKeys: "add id= to the URI"
        case .pinRefused: "it was tried once and is not tried again, since a token locks itself after a few wrong ones"
        case .pinLocked: "the token's security officer can set a new one"
        case .noObject: "add object=LABEL or id=%01 to the URI"
        case .objectExists:
            "keys in a token are never overwritten: take another label, or remove it with the token's own tools"
        case .pinSource(let error): error.hint
        default: nil
        }
    }

    private static func list(_ found: [String]) -> String {
        found.isEmpty
            ? "there is none" : "found " + found.map { "'\($0)'" }.joined(separator: ", ")
    }
}
