public import PaymentCrypto

/// A base derivation key that a run uses, with what reports say of it.
///
/// Shared by the workers, which borrow the key.
public final class FleetBaseKey: Sendable {
    let name: String
    let key: BaseDerivationKey
    let checkValue: CheckValue

    /// Takes the key over.
    public init(name: String, key: consuming BaseDerivationKey, checkValue: CheckValue) {
        self.name = name
        self.key = key
        self.checkValue = checkValue
    }
}

/// A wrapping key that a run uses, with what reports say of it.
///
/// Shared by the workers, which borrow the key.
public final class FleetProtectionKey: Sendable {
    let name: String
    let key: SymmetricKey
    let checkValue: CheckValue

    /// Takes the key over.
    public init(name: String, key: consuming SymmetricKey, checkValue: CheckValue) {
        self.name = name
        self.key = key
        self.checkValue = checkValue
    }
}

/// The keys of a run by their index in ``ManifestKeys``; only those that the manifest uses are there.
struct FleetKeys: Sendable {
    var baseKeys: [Int: FleetBaseKey]
    var protectionKeys: [Int: FleetProtectionKey]
}

/// A base key and a wrapping key that are used together, by their indices in ``ManifestKeys``.
struct KeyPair: Hashable, Sendable {
    var baseKey: Int32
    var protectionKey: Int32
}
