internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// Writes the objects of one key into a token, and knows what to take back.
///
/// One owner: the call that stores the key.
final class ObjectWriter {
    /// What an object of the key is for.
    enum Part: CaseIterable {
        case key, wrappingKey, variant, encryption, authentication
    }

    let token: Token
    let session: CK_SESSION_HANDLE
    private let uri: TokenURI
    private let label: String
    private let id: [UInt8]
    private var written: [CK_OBJECT_HANDLE] = []

    init(_ token: Token, _ uri: TokenURI, label: String) throws(TokenError) {
        self.token = token
        self.uri = uri
        self.label = label
        id = uri.id ?? withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) }
        do throws(CallFailure) {
            session = try token.module.openSession(token.slot, writing: true)
        } catch {
            throw token.unavailable(error)
        }
    }

    deinit {
        token.module.closeSession(session)
    }

    func writeBaseKey(_ key: borrowing SymmetricKey) throws -> StoredTokenKey {
        let bdk: BaseDerivationKey
        do throws(BaseDerivationKeyError) { bdk = try BaseDerivationKey(key) } catch {
            throw TokenError.unusable("\(error)")
        }
        try checkIsNew(bdk.algorithm.isTDES ? [.key, .variant] : [.key])
        var variant: TokenURI?
        if let variantKey = bdk.makeVariant() { variant = try write(variantKey, .variant) }
        return StoredTokenKey(uri: try write(bdk.key, .key), variant: variant, encryption: nil, authentication: nil)
    }

    func writeWrappingKey(_ key: borrowing SymmetricKey) throws -> StoredTokenKey {
        try checkIsNew([.wrappingKey, .encryption, .authentication])
        let derived = try KeyBlockKeys(from: key, version: .standard(under: key.algorithm), engine: OpenSSLEngine())
        let encryption = try write(derived.encryption, .encryption)
        let authentication = try write(derived.authentication, .authentication)
        return StoredTokenKey(
            uri: try write(key, .wrappingKey), variant: nil, encryption: encryption, authentication: authentication)
    }

    func writeOtherKey(_ key: borrowing SymmetricKey) throws -> StoredTokenKey {
        try checkIsNew([.key])
        return StoredTokenKey(uri: try write(key, .key), variant: nil, encryption: nil, authentication: nil)
    }

    private func write(_ key: borrowing SymmetricKey, _ part: Part) throws -> TokenURI {
        let object = try create(key, part)
        written.append(object)
        let stored = try TokenKey(object, in: token, algorithm: key.algorithm)
        guard stored.facts.isSensitive, !stored.facts.isExtractable else {
            throw TokenError.notStored(
                label: label(of: part), reason: "it would not keep it sensitive and not extractable")
        }
        try stored.check(against: key)
        return uri.naming(object: label(of: part), id: id(of: part), type: .secretKey)
    }

    /// Takes back what was written; what cannot be removed is left, and its label is taken at the next attempt.
    func removeAll() {
        for object in written.reversed() {
            try? Self.destroy(object, in: token, session)
        }
        written = []
    }

    static func remove(_ object: CK_OBJECT_HANDLE, from token: Token) throws(TokenError) {
        do throws(CallFailure) {
            let session = try token.module.openSession(token.slot, writing: true)
            defer { token.module.closeSession(session) }
            try destroy(object, in: token, session)
        } catch {
            throw token.unavailable(error)
        }
    }

    private static func destroy(
        _ object: CK_OBJECT_HANDLE, in token: Token, _ session: CK_SESSION_HANDLE
    ) throws(CallFailure) {
        try token.withObjects { () throws(CallFailure) in
            try token.module.call("C_DestroyObject") { $0.pointee.C_DestroyObject?(session, object) }
        }
    }

    private func checkIsNew(_ parts: [Part]) throws(TokenError) {
        for part in parts {
            guard try !isTaken(label(of: part), id(of: part)) else { throw .objectExists(label: label(of: part)) }
        }
    }

    private func isTaken(_ label: String, _ id: [UInt8]) throws(TokenError) -> Bool {
        let search = KeySearch(token: token)
        do throws(CallFailure) {
            let taken = try search.objects(CKO_SECRET_KEY, label: label) + search.objects(CKO_SECRET_KEY, id: id)
            return !taken.isEmpty
        } catch {
            throw token.unavailable(error)
        }
    }

    func label(of part: Part) -> String {
        switch part {
        case .key, .wrappingKey: label
        case .variant: "\(label)-variant"
        case .encryption: "\(label)-encryption"
        case .authentication: "\(label)-mac"
        }
    }

    func id(of part: Part) -> [UInt8] {
        switch part {
        case .key, .wrappingKey: id
        case .variant: id + [1]
        case .encryption: id + [2]
        case .authentication: id + [3]
        }
    }

    /// The least that does; ECB makes check values, and columns of whatever the key is for.
    func permissions(of part: Part, _ algorithm: KeyAlgorithm) throws(EngineError) -> Set<UInt> {
        let mechanisms = try token.mechanisms()
        let columns: Set<UInt> = mechanisms.offer(.ecb(algorithm), for: CKF_ENCRYPT) ? [CKA_ENCRYPT] : []
        let messages: Set<UInt> = mechanisms.offer(.cmac(algorithm), for: CKF_SIGN) ? [CKA_SIGN] : []
        return switch part {
        case .key, .variant: [CKA_ENCRYPT]
        case .encryption: [CKA_ENCRYPT, CKA_DECRYPT]
        case .wrappingKey: columns.isEmpty ? [CKA_SIGN] : columns
        // Whoever may encrypt with it can make CMACs anyhow: the mechanism gives nobody more.
        case .authentication: columns.union(messages)
        }
    }
}
