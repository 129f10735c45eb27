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
    /// What is to be seen to, each with the token's name: a PIN that is locked, nearly locked or not set.
    public let findings: [String]
    /// Whether it computes ECB for both TDES and AES, without which columns become single blocks.
    public let hasColumns: Bool

    init(_ token: Token, _ information: TokenInformation, _ mechanisms: Mechanisms) {
        label = information.label
        manufacturer = information.manufacturer
        model = information.model
        serial = information.serial
        firmware = information.firmware
        modulePath = token.module.path
        var findings = information.pinWarnings
        if information.has(CKF_USER_PIN_LOCKED) { findings = ["token '\(token.name)': the user PIN is locked"] }
        if !information.has(CKF_LOGIN_REQUIRED) { findings.append("token '\(token.name)': needs no PIN") }
        if information.has(CKF_LOGIN_REQUIRED), !information.has(CKF_USER_PIN_INITIALIZED) {
            findings.append("token '\(token.name)': has no user PIN yet")
        }
        self.findings = findings
        hasColumns = [.tdesECB, .aesECB].allSatisfy { mechanisms.offer($0, for: CKF_ENCRYPT) }
    }
}

extension TokenVault {
    /// What the token that a URI means says of itself; without a login.
    public func describeToken(_ uri: TokenURI) throws -> TokenFacts {
        let token = try TokenModule.load(for: uri).token(for: uri)
        return TokenFacts(token, try token.information(), try token.mechanisms())
    }

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

    /// Signs with an RSA private key (PKCS #1 v1.5); `digestInfo` is the DER of the hash's name and value.
    public func sign(_ digestInfo: [UInt8], with uri: TokenURI) throws -> [UInt8] {
        let token = try openToken(uri)
        let key = try KeySearch(token: token).key(uri, type: .privateKey)
        let facts = try TokenKeyFacts(ObjectAttributes(token: token, object: key))
        guard facts.typeName == "RSA" else {
            throw TokenError.wrongAlgorithm(key: facts.name, expected: "RSA", found: facts.typeName)
        }
        guard facts.may("SIGN") else { throw TokenError.notPermitted("key '\(facts.name)' has no CKA_SIGN") }
        // Room for 16,384 bits.
        var signature = [UInt8](repeating: 0, count: 2048)
        let outcome = signature.withUnsafeMutableBytes { signature in
            digestInfo.withUnsafeBytes { message in
                Result { () throws(CallFailure) in try token.sign(message, .rsa, with: key, into: signature) }
            }
        }
        do throws(CallFailure) { return Array(signature.prefix(try outcome.get())) } catch {
            throw error.isRefusal
                ? .notPermitted("token '\(token.name)' refuses to sign with key '\(facts.name)' (\(error))")
                : token.unavailable(error)
        }
    }
}
