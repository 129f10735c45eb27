public import Facility
public import PaymentCrypto

/// Which key is to leave, and how.
public struct KeyExportOptions: Sendable {
    /// The key, or the base derivation key of one device's initial key.
    public var key: KeyName
    /// What it is wrapped under.
    public var protectionKey: KeyName
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

    /// Options for one key under another one.
    public init(key: KeyName, under protectionKey: KeyName) {
        self.key = key
        self.protectionKey = protectionKey
    }
}

/// A key that has left.
public struct ExportedKey: Sendable {
    /// The key block, one line.
    public let keyBlock: String
    /// By the method of the key's algorithm, at full length.
    public let checkValue: CheckValue
    /// What counts for strength.
    public let algorithm: KeyAlgorithm
}
