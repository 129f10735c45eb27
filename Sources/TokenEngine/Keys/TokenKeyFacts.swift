internal import CPKCS11
internal import PaymentCrypto

/// What a token says of one key.
public struct TokenKeyFacts: Sendable, Equatable {
    /// CKA_LABEL.
    public let label: String
    /// CKA_ID.
    public let id: [UInt8]
    /// The kind of key as the token has it: `DES2`, `DES3`, `AES-128`, `RSA`, ...
    public let typeName: String
    /// What the key may do there, by the attributes' names: `ENCRYPT`, `DECRYPT`, `SIGN`, `VERIFY`, `WRAP`, `UNWRAP`,
    /// `DERIVE`.
    public let permissions: [String]
    /// CKA_SENSITIVE: the value does not leave the token in clear.
    public let isSensitive: Bool
    /// CKA_EXTRACTABLE: the value may leave the token, wrapped at least.
    public let isExtractable: Bool
    /// CKA_MODIFIABLE: the permissions may be changed.
    public let isModifiable: Bool

    private let type: CK_KEY_TYPE
    private let byteCount: Int?

    /// The key in messages: its label, or its identifier where it has none.
    var name: String { label.isEmpty ? id.map { String($0, radix: 16, uppercase: true) }.joined() : label }

    /// Reads them from the token.
    init(_ attributes: ObjectAttributes) throws(TokenError) {
        do throws(CallFailure) {
            label = try attributes.bytes(CKA_LABEL).map { FieldText.text($0) } ?? ""
            id = try attributes.bytes(CKA_ID) ?? []
            type = try attributes.number(CKA_KEY_TYPE) ?? CK_KEY_TYPE.max
            byteCount = try attributes.number(CKA_VALUE_LEN).flatMap { Int(exactly: $0) }
            var permissions: [String] = []
            for (name, attribute) in Self.permissionAttributes where try attributes.flag(attribute) == true {
                permissions.append(name)
            }
            self.permissions = permissions
            isSensitive = try attributes.flag(CKA_SENSITIVE) ?? false
            isExtractable = try attributes.flag(CKA_EXTRACTABLE) ?? true
            isModifiable = try attributes.flag(CKA_MODIFIABLE) ?? true
        } catch {
            throw attributes.token.unavailable(error)
        }
        typeName = Self.typeName(type, byteCount)
    }

    private static let permissionAttributes: [(String, UInt)] = [
        ("ENCRYPT", CKA_ENCRYPT), ("DECRYPT", CKA_DECRYPT), ("SIGN", CKA_SIGN), ("VERIFY", CKA_VERIFY),
        ("WRAP", CKA_WRAP), ("UNWRAP", CKA_UNWRAP), ("DERIVE", CKA_DERIVE),
    ]

    private static func typeName(_ type: CK_KEY_TYPE, _ byteCount: Int?) -> String {
        switch type {
        case CK_KEY_TYPE(CKK_DES2): "DES2"
        case CK_KEY_TYPE(CKK_DES3): "DES3"
        case CK_KEY_TYPE(CKK_AES): byteCount.map { "AES-\($0 &* 8)" } ?? "AES"
        case CK_KEY_TYPE(CKK_RSA): "RSA"
        case CK_KEY_TYPE(CKK_GENERIC_SECRET): "a generic secret"
        default: "key type 0x\(String(type, radix: 16, uppercase: true))"
        }
    }

    /// Whether the object can hold a key of this algorithm.
    ///
    /// Many tokens have two-key TDES as K1 K2 K1 in a DES3 object. Some do not tell the length of an AES key.
    func canBe(_ algorithm: KeyAlgorithm) -> Bool {
        switch algorithm {
        case .tdes2Key: type == CK_KEY_TYPE(CKK_DES2) || type == CK_KEY_TYPE(CKK_DES3)
        case .tdes3Key: type == CK_KEY_TYPE(CKK_DES3)
        case .aes128, .aes192, .aes256:
            type == CK_KEY_TYPE(CKK_AES) && byteCount.map { $0 == algorithm.byteCount } ?? true
        }
    }

    /// What somebody who relies on the token should know.
    public var warnings: [String] {
        var warnings: [String] = []
        if !isSensitive {
            warnings.append("key '\(name)' in the token is not sensitive: whoever has the PIN can read it")
        }
        if isExtractable { warnings.append("key '\(name)' in the token is extractable: it can be taken out") }
        if isModifiable && (isSensitive || !isExtractable) {
            warnings.append("key '\(name)' in the token is modifiable: its permissions can be widened")
        }
        return warnings
    }

    /// Whether the token says how long the key is, where its type does not.
    var tellsLength: Bool { byteCount != nil }

    func may(_ permission: String) -> Bool { permissions.contains(permission) }
}
