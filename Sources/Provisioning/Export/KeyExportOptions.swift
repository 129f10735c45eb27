public import Facility
public import PaymentCrypto

/// Which key is to leave, and how.
public struct KeyExportOptions: Sendable {
    /// The key, or the base derivation key of one device's initial key.
    public var key: KeyName
    /// How it leaves.
    public var route: ExportRoute
    /// What its header is to say.
    public var header = HeaderOptions()
    /// The header profile that says the rest.
    public var profile: KeyName?
    /// The key serial number of the device whose initial key leaves; nil: the key itself does.
    public var serialNumber: String?
    /// How a short key serial number is completed.
    public var padding = KSNPadding.none
    /// What the key's check value must be.
    public var expectedCheckValue: ExpectedCheckValue?
    /// Of the check value that is told with what leaves; nil: the algorithm's own.
    public var checkValueMethod: CheckValueMethod?

    /// Options for one key on one way.
    public init(key: KeyName, by route: ExportRoute) {
        (self.key, self.route) = (key, route)
    }
}

/// A key that has left.
public struct ExportedKey: Sendable {
    /// A key block, or a token or cryptogram in upper-case hexadecimal; one line.
    public let material: String
    /// What the material is.
    public let transport: KeyTransport
    /// At full length.
    public let checkValue: CheckValue
    /// What counts for strength.
    public let algorithm: KeyAlgorithm
    /// The first 16 characters of the header that travels with it; nil for a cryptogram.
    public let header: String?
}
