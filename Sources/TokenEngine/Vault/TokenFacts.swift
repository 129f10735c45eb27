internal import CPKCS11

/// What a token says of itself, for `doctor` and for people.
public struct TokenFacts: Sendable, Equatable {
    /// The token's label.
    public let label: String
    /// Who made it.
    public let manufacturer: String
    /// Which model it is.
    public let model: String
    /// Its serial number.
    public let serial: String
    /// The version of its firmware.
    public let firmware: String
    /// The module's file, without links.
    public let modulePath: String
    /// Whether it takes no PIN any more.
    public let isLocked: Bool
    /// What is to be seen to, each with the token's name: a PIN that is locked, nearly locked or not set.
    public let findings: [String]
    /// Whether it computes ECB for both TDES and AES, without which columns become single blocks.
    public let hasColumns: Bool

    /// What the token that a URI means says of itself; without a login.
    public init(_ uri: TokenURI) throws {
        let token = try TokenModule.load(for: uri).token(for: uri)
        self.init(token, try token.information(), try token.mechanisms())
    }

    private init(_ token: Token, _ information: TokenInformation, _ mechanisms: Mechanisms) {
        label = information.label
        manufacturer = information.manufacturer
        model = information.model
        serial = information.serial
        firmware = information.firmware
        modulePath = token.module.path
        isLocked = information.has(CKF_USER_PIN_LOCKED)
        findings = Self.findings(information)
        hasColumns = [.tdesECB, .aesECB].allSatisfy { mechanisms.offer($0, for: CKF_ENCRYPT) }
    }

    private static func findings(_ information: TokenInformation) -> [String] {
        let token = "token '\(information.name)'"
        guard information.has(CKF_LOGIN_REQUIRED) else { return ["\(token): needs no PIN"] }
        guard information.has(CKF_USER_PIN_INITIALIZED) else { return ["\(token): has no user PIN yet"] }
        return information.has(CKF_USER_PIN_LOCKED) ? ["\(token): the user PIN is locked"] : information.pinWarnings
    }
}

extension TokenVault {
    /// What the token says of the one key that a URI means: a secret key, or a private one for `type=private`.
    public func describeKey(_ uri: TokenURI) throws -> TokenKeyFacts {
        let token = try openToken(uri)
        let type: TokenURI.ObjectType = uri.type == .privateKey ? .privateKey : .secretKey
        return try TokenKeyFacts(
            ObjectAttributes(token: token, object: KeySearch(token: token).key(uri, type: type)))
    }

    /// The same key's URI with its identifier, so that another key of the same label is not taken for it.
    public func pinned(_ uri: TokenURI) throws -> TokenURI {
        let facts = try describeKey(uri)
        guard !facts.id.isEmpty else { return uri }
        return uri.naming(object: facts.label, id: facts.id, type: uri.type ?? .secretKey)
    }
}
