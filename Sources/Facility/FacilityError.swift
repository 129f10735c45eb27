public import PaymentCrypto

/// What the site can refuse, and why; nothing secret is in any of them.
public enum FacilityError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no site at this path.
    case siteMissing(path: String)
    /// Something is at this path already.
    case siteExists(path: String)
    /// The site would take the place of the folder in which the process is.
    case siteIsCurrentFolder(path: String)
    /// A file of the site is not as the tool wrote it.
    case damaged(file: String, reason: String)
    /// The passphrases do not open the site, or cannot be used.
    case custodians(CustodianError)
    /// The keyring has no key of this name.
    case keyMissing(KeyName)
    /// The keyring has a key of this name.
    case keyExists(KeyName)
    /// The name stands for another kind of thing than is needed.
    case otherKind(KeyName, expected: Keyring.Kind, found: Keyring.Kind)
    /// The keyring has no trust anchor of this name.
    case anchorMissing(KeyName)
    /// The keyring has a trust anchor of this name.
    case anchorExists(KeyName)
    /// The CA is trusted in this role under this name already.
    case anchorIsEnrolled(as: KeyName)
    /// The trust anchor is for the other role.
    case anchorRole(KeyName, expected: TrustRole, found: TrustRole)
    /// There is no exchange with this token.
    case exchangeMissing(KeyName)
    /// The exchange is over.
    case exchangeExpired(KeyName, Moment)
    /// The exchange was begun for something else.
    case exchangeKind(KeyName, expected: String, found: String)
    /// The private key is gone, as it should be.
    case privateKeyRemoved(KeyName)
    /// The same public key is in the keyring under another name.
    case publicKeyExists(as: KeyName)
    /// Certificates that do not belong to the key or to each other.
    case chain(CertificateChainError)
    /// A certificate that cannot be taken.
    case certificate(CertificateError)
    /// A TR-34 token that was seen before.
    case replay(ReplayError)
    /// The site has no header profile of this name.
    case profileMissing(KeyName)
    /// The key is in a token, and its clear value is asked for.
    case keyInToken(KeyName)
    /// Components of the key are still to come.
    case keyIncomplete(KeyName, missing: [Int], of: Int)
    /// Components of a key of this name wait in the keyring.
    case componentsWait(KeyName)
    /// This component of the key waits in the keyring already.
    case componentExists(KeyName, number: Int)
    /// An option differs from what it was when the first component came.
    case componentOption(String, expected: String, found: String)
    /// The component, or what all of them give, cannot be taken.
    case component(KeyComponentError)
    /// Whoever brought the component brought another one.
    case custody(CustodyError)
    /// The key has another check value than was expected.
    case checkValue(CheckValueMismatch)
    /// The key is retired; it is so once.
    case alreadyRetired(KeyName, Retirement)
    /// The key may not do what it is asked to do.
    case role(KeyRoleError)
    /// The site's policy forbids it.
    case policy(PolicyError)
    /// A backup would take the place of a file.
    case backupExists(path: String)
    /// A backup is not as the tool wrote it, or not this site's.
    case backupDamaged(path: String)
    /// The ledger refuses, or cannot be used.
    case ledger(LedgerError)
    /// A file of the site could have been read or changed by others.
    case exposed(FileExposure)
    /// The operating system refused.
    case file(FileFailure)
    /// The engine failed.
    case engine(EngineError)
    /// A key block could not be made or opened.
    case keyBlock(KeyBlockError)
    /// What cannot happen unless the program is wrong.
    case internalFault(String)

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .siteMissing(let path): "there is no site at \(path)"
        case .siteExists(let path), .backupExists(let path): "\(path) exists"
        case .backupDamaged(let path): "\(path): the backup is not as it was written"
        case .siteIsCurrentFolder(let path): "\(path) is the current folder, whose place a site cannot take"
        case .damaged(let file, let reason): "\(file): \(reason)"
        case .custodians(let error): error.description
        case .keyMissing(let name): "there is no key '\(name)' in the keyring"
        case .keyExists(let name): "there is a key '\(name)' in the keyring already"
        case .otherKind(let name, let expected, let found): "'\(name)': expected \(expected), found \(found)"
        case .anchorMissing(let name): "there is no trust anchor '\(name)' in the keyring"
        case .anchorExists(let name): "there is a trust anchor '\(name)' in the keyring already"
        case .anchorIsEnrolled(let name): "the certificate is enrolled for this role already, as '\(name)'"
        case .anchorRole(let name, let expected, let found):
            "trust anchor '\(name)': expected one for the role \(expected), found \(found)"
        case .exchangeMissing(let token): "there is no exchange '\(token)'"
        case .exchangeExpired(let token, let moment): "exchange '\(token)' is over since \(moment)"
        case .exchangeKind(let token, let expected, let found):
            "exchange '\(token)': expected \(expected), found \(found)"
        case .privateKeyRemoved(let name): "the private key '\(name)' is removed"
        case .publicKeyExists(let name): "the same public key is in the keyring already, as '\(name)'"
        case .chain(let error): error.description
        case .certificate(let error): "\(error)"
        case .replay(let error): error.description
        case .profileMissing(let name): "there is no header profile '\(name)'"
        case .keyInToken(let name): "key '\(name)' is in a token, which does not give it out"
        case .keyIncomplete(let name, let missing, let count):
            "key '\(name)' is not whole yet: \(WaitingKey.words(missing: missing, of: count))"
        case .componentsWait(let name): "components of a key '\(name)' wait in the keyring"
        case .componentExists(let name, let number): "component \(number) of key '\(name)' is in the keyring already"
        case .componentOption(let option, let expected, let found):
            "\(option): expected \(expected), as it was for the first component, found \(found)"
        case .component(let error): error.description
        case .custody(let error): error.description
        case .checkValue(let error): error.description
        case .alreadyRetired(let name, let retirement):
            "key '\(name)' is retired already: \(retirement.date) (\(retirement.reason))"
        case .role(let error): error.description
        case .policy(let error): error.description
        case .ledger(let error): error.description
        case .exposed(let exposure): exposure.description
        case .file(let error): error.description
        case .engine(let error): error.description
        case .keyBlock(let error): "\(error)"
        case .internalFault(let what): what
        }
    }
}

extension FacilityError {
    /// The reason of ``damaged(file:reason:)`` where there is no file at all.
    public static let missing = "the file is missing"

    /// Runs `body` and says in this module's terms what it throws.
    static func converting<R: ~Copyable>(_ body: () throws -> R) throws(FacilityError) -> R {
        do { return try body() } catch { throw FacilityError(error) }
    }

    init(_ error: any Error) {
        switch error {
        case let error as FacilityError: self = error
        case let error as CustodianError: self = .custodians(error)
        case let error as KeyRoleError: self = .role(error)
        case let error as LedgerError: self = .ledger(error)
        case let error as FileExposure: self = .exposed(error)
        case let error as FileFailure: self = .file(error)
        case let error as EngineError: self = .engine(error)
        case let error as KeyBlockError: self = .keyBlock(error)
        case let error as CertificateChainError: self = .chain(error)
        case let error as CertificateError: self = .certificate(error)
        case let error as ReplayError: self = .replay(error)
        case let error as KeyComponentError: self = .component(error)
        case let error as CustodyError: self = .custody(error)
        case let error as CheckValueMismatch: self = .checkValue(error)
        case let error as BaseDerivationKeyError: self = .internalFault("\(error)")
        default: self = .internalFault("\(error)")
        }
    }
}
