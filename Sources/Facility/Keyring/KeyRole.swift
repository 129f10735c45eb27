public import PaymentCrypto

/// What a key of the keyring is about to be used for, and what its header must say for that.
public enum KeyRole: Sendable, Equatable {
    /// Deriving initial keys: usage B0 with mode X, two-key TDES or AES.
    case baseDerivation
    /// Wrapping other keys: usage K0 or K1 with mode B, E or N.
    case wrapping
    /// Opening key blocks: usage K0 or K1 with mode B, D or N.
    case unwrapping

    /// Refuses a key whose header does not permit the role.
    ///
    /// - Parameter algorithm: what the key is as strong as; a three-key TDES key with K1 = K3 counts as two-key.
    public func check(
        _ header: KeyBlockHeader, effective algorithm: KeyAlgorithm, named name: KeyName
    ) throws(KeyRoleError) {
        guard usages.contains(header.keyUsage) else {
            throw KeyRoleError(name: name, expected: .usage(usages), found: header.keyUsage.description)
        }
        guard modes.contains(header.modeOfUse) else {
            throw KeyRoleError(name: name, expected: .mode(modes), found: header.modeOfUse.description)
        }
        guard self != .baseDerivation || algorithm != .tdes3Key else {
            throw KeyRoleError(name: name, expected: .baseDerivationAlgorithm, found: algorithm.reportName)
        }
    }

    private var usages: [KeyUsage] {
        self == .baseDerivation ? [.baseDerivationKey] : [.keyEncryption, .keyBlockProtection]
    }

    private var modes: [ModeOfUse] {
        switch self {
        case .baseDerivation: [.deriveKeys]
        case .wrapping: [.encryptAndDecrypt, .encrypt, .noRestriction]
        case .unwrapping: [.encryptAndDecrypt, .decrypt, .noRestriction]
        }
    }
}

/// A key that may not do what it is asked to do.
public struct KeyRoleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the role asks for.
    public enum Expectation: Equatable, Sendable {
        /// One of these usages.
        case usage([KeyUsage])
        /// One of these modes of use.
        case mode([ModeOfUse])
        /// An algorithm that derives initial keys.
        case baseDerivationAlgorithm
        /// A key that is not retired.
        case inUse
        /// A key that may leave.
        case exportable
        /// An RSA key of this usage.
        case rsaUsage(RSAKeyUsage)
    }

    /// The key.
    public let name: KeyName
    /// What the role asks for.
    public let expected: Expectation
    /// What the key's header says instead.
    public let found: String

    /// Expected and found.
    public var description: String {
        switch expected {
        case .usage(let usages): "key '\(name)': expected usage \(Self.list(usages)), found \(found)"
        case .mode(let modes): "key '\(name)': expected mode of use \(Self.list(modes)), found \(found)"
        case .rsaUsage(let usage): "key '\(name)': expected usage \(usage), found \(found)"
        case .exportable: "key '\(name)': expected exportability E or S, found \(found)"
        case .inUse: "key '\(name)': expected a key in use, found one that is \(found)"
        case .baseDerivationAlgorithm: "key '\(name)': expected a two-key TDES or an AES key, found \(found)"
        }
    }

    /// For a key that is retired.
    static func retired(_ name: KeyName, _ retirement: Retirement) -> KeyRoleError {
        KeyRoleError(name: name, expected: .inUse, found: "retired \(retirement.date) (\(retirement.reason))")
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        let words = values.map(\.description)
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
