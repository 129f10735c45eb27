/// The columns that a manifest may have, by the names that the header row gives them.
public enum ManifestColumn: String, NamedColumn {
    /// Names the device.
    case deviceIdentifier = "device_id"
    /// The device's key serial number.
    case keySerialNumber = "ksn"
    /// How many devices the row stands for.
    case quantity
    /// The base derivation key's name.
    case baseKey = "bdk"
    /// The key block protection key's name.
    case protectionKey = "kbpk"
    /// The header profile's name.
    case profile
    /// The device's certificate file.
    case certificate
    /// The nonce of a two-pass TR-34 token.
    case nonce
    /// The terminal's model.
    case model
    /// Free text, written as optional block LB.
    case label
    /// One of several keys of a device.
    case slot
    /// The key version number.
    case keyVersion = "key_version"

    /// Whether a manifest cannot do without it.
    public var isRequired: Bool { self == .deviceIdentifier || self == .keySerialNumber }
}
