public import PaymentCrypto

/// A base derivation key that devices of a run's index have their keys from.
public struct RunIndexBaseKey: Hashable, Sendable {
    /// By what it is known.
    public let fingerprint: KeyFingerprint
    /// TDES or AES, so that serial numbers can be written out.
    public let family: DUKPTFamily

    /// A key by its fingerprint.
    public init(fingerprint: KeyFingerprint, family: DUKPTFamily) {
        (self.fingerprint, self.family) = (fingerprint, family)
    }
}

/// One device of a run, as its index tells.
public struct RunIndexEntry: Equatable, Sendable {
    /// The device_id, as the manifest wrote it.
    public let device: String
    /// The slot; empty where there was none.
    public let slot: String
    /// The initial key's serial number.
    public let number: InitialKeySerialNumber
    /// The base derivation key.
    public let baseKey: KeyFingerprint
    /// The initial key's check value, upper-case hexadecimal.
    public let kcv: String
}
