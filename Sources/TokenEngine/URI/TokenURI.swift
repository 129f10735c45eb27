/// Which token, and which object in it: a PKCS#11 URI, and where its module and its PIN are.
///
/// See RFC 7512, 2.3. Equal when every attribute is; written back in the RFC's order.
public struct TokenURI: Hashable, Sendable {
    /// Percent-decoded values of the attributes that were given.
    private(set) var values: [Attribute: [UInt8]]

    /// The longest URI that is read.
    public static let maximumByteCount = 4096

    init(values: [Attribute: [UInt8]]) {
        self.values = values
    }

    /// The label of the object.
    public var object: String? { text(.object) }

    /// The label of the token.
    public var token: String? { text(.token) }

    /// The path of the module, which is a shared library.
    public var modulePath: String? { text(.modulePath) }

    /// Where the PIN is: `file:` with a path, or a path.
    public var pinSource: String? { text(.pinSource) }

    /// The object's identifier (CKA_ID).
    public var id: [UInt8]? { values[.id] }

    /// The class of the object.
    public var type: ObjectType? { text(.type).flatMap(ObjectType.init) }

    /// The number that the module gives to the slot.
    var slotID: UInt? { text(.slotID).flatMap { UInt($0) } }

    /// The value of an attribute that is text.
    func text(_ attribute: Attribute) -> String? {
        values[attribute].map { String(decoding: $0, as: UTF8.self) }
    }

    /// Refuses a URI that cannot name a key of this class, by itself and before any module is loaded.
    public func checkNamesKey(_ expected: ObjectType) throws(TokenError) {
        guard modulePath != nil else { throw .noModulePath }
        guard !(object ?? "").isEmpty || !(id ?? []).isEmpty else { throw .noObject }
        guard (type ?? expected) == expected else {
            throw .wrongType(expected: expected.rawValue, found: text(.type) ?? "")
        }
    }

    /// The same token and module, without a key and without a PIN.
    public var tokenAlone: TokenURI {
        TokenURI(values: values.filter { ![.object, .id, .type, .pinSource].contains($0.key) })
    }

    /// The same token, module and PIN, with this object.
    func naming(object: String, id: [UInt8], type: ObjectType) -> TokenURI {
        var values = values
        values[.object] = Array(object.utf8)
        values[.id] = id
        values[.type] = Array(type.rawValue.utf8)
        return TokenURI(values: values)
    }
}

extension TokenURI {
    /// What an object may be, as the attribute `type` writes it.
    public enum ObjectType: String, Sendable, CaseIterable {
        /// A public key.
        case publicKey = "public"
        /// A private key.
        case privateKey = "private"
        /// A certificate.
        case certificate = "cert"
        /// A secret key.
        case secretKey = "secret-key"
        /// Data.
        case data
    }

    /// The attributes of RFC 7512, 2.3, in the order of its grammar, but for `pin-value`, which is refused.
    enum Attribute: String, CaseIterable {
        case token
        case manufacturer
        case serial
        case model
        case libraryManufacturer = "library-manufacturer"
        case libraryVersion = "library-version"
        case libraryDescription = "library-description"
        case object
        case type
        case id
        case slotManufacturer = "slot-manufacturer"
        case slotDescription = "slot-description"
        case slotID = "slot-id"
        case pinSource = "pin-source"
        case moduleName = "module-name"
        case modulePath = "module-path"

        /// Whether it belongs behind the question mark.
        var isQuery: Bool { [.pinSource, .moduleName, .modulePath].contains(self) }
    }
}

extension TokenURI: CustomStringConvertible {
    /// The URI as it can be read again.
    public var description: String {
        let path = Attribute.allCases.filter { !$0.isQuery }.compactMap(written).joined(separator: ";")
        let query = Attribute.allCases.filter(\.isQuery).compactMap(written).joined(separator: "&")
        return "pkcs11:" + path + (query.isEmpty ? "" : "?" + query)
    }

    private func written(_ attribute: Attribute) -> String? {
        values[attribute].map { value in
            let escaped = PercentEncoding.encode(value, everyByte: attribute == .id, keepingSlash: attribute.isQuery)
            return "\(attribute.rawValue)=\(escaped)"
        }
    }
}
