extension OptionalBlock.Identifier {
    /// For the identifiers in this module, which are known to be right.
    private init(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
        self.init(UInt8(ascii: first), UInt8(ascii: second))
    }

    /// Asymmetric key life.
    public static let asymmetricKeyLife = Self("A", "L")
    /// Base derivation key identifier.
    public static let baseDerivationKeyID = Self("B", "I")
    /// Public key certificate.
    public static let certificate = Self("C", "T")
    /// Derivations that are allowed.
    public static let derivationsAllowed = Self("D", "A")
    /// Flags; not specified further.
    public static let flags = Self("F", "L")
    /// Hash algorithm of an HMAC key.
    public static let hashAlgorithm = Self("H", "M")
    /// Initial key ID of AES DUKPT.
    public static let initialKeyID = Self("I", "K")
    /// Check value of the wrapped key.
    public static let keyCheckValue = Self("K", "C")
    /// Check value of the key block protection key.
    public static let protectionKeyCheckValue = Self("K", "P")
    /// Key serial number of TDES DUKPT.
    public static let keySerialNumber = Self("K", "S")
    /// Key block values; deprecated.
    public static let keyBlockValues = Self("K", "V")
    /// Label.
    public static let label = Self("L", "B")
    /// Padding to the boundary of a cipher block.
    public static let padding = Self("P", "B")
    /// Check value of the protection key that the key was exported under.
    public static let exportKeyCheckValue = Self("P", "K")
    /// Time at which the key was created.
    public static let timeOfCreation = Self("T", "C")
    /// Time at which the block was made.
    public static let timeStamp = Self("T", "S")
    /// Wrapping pedigree.
    public static let wrappingPedigree = Self("W", "P")

    /// The block's meaning in words, or nil for one that the standard does not name.
    public var meaning: String? { Self.meanings[self] }

    private static let meanings: [Self: String] = [
        .asymmetricKeyLife: "asymmetric key life",
        .baseDerivationKeyID: "base derivation key ID",
        .certificate: "certificate",
        .derivationsAllowed: "derivations allowed",
        .flags: "flags",
        .hashAlgorithm: "hash algorithm",
        .initialKeyID: "initial key ID",
        .keyCheckValue: "check value of the key",
        .protectionKeyCheckValue: "check value of the protection key",
        .keySerialNumber: "key serial number",
        .keyBlockValues: "key block values (deprecated)",
        .label: "label",
        .padding: "padding",
        .exportKeyCheckValue: "check value of the export protection key",
        .timeOfCreation: "time of creation",
        .timeStamp: "time stamp",
        .wrappingPedigree: "wrapping pedigree",
    ]
}
