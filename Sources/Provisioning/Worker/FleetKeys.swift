import PaymentCrypto

/// A base derivation key that a run uses, with what reports say of it.
struct FleetBaseKey: Sendable {
    let name: String
    let key: BaseKeySource
    let checkValue: CheckValue
}

/// A wrapping key that a run uses, with what reports say of it.
struct FleetProtectionKey: Sendable {
    let name: String
    let key: KeyBlockProtection
    let checkValue: CheckValue
}

/// The keys of a run by their index in ``ManifestKeys``; only those that the manifest uses are there.
struct FleetKeys: Sendable {
    var baseKeys: [Int: FleetBaseKey]
    var protectionKeys: [Int: FleetProtectionKey]
    /// Who signs, where the keys travel in tokens.
    var sender: TR34Sender?
}

/// A base key and a wrapping key that are used together with a header profile, by their indices in ``ManifestKeys``.
struct KeyPair: Hashable, Sendable {
    var baseKey: Int32
    var protectionKey: Int32
    var profile: Int32
}
