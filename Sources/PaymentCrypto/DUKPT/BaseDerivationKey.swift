/// A key from which the initial keys of a fleet are derived: two-key TDES, or AES.
public struct BaseDerivationKey: ~Copyable, Sendable {
    let key: SymmetricKey

    /// Takes a copy of `key`; a three-key TDES key with K1 = K3 is taken as the two-key one that it is.
    ///
    /// - Throws: `.threeKeyTDES` for a real three-key TDES key: DUKPT knows none (X9.24-1:2009 A.6).
    public init(_ key: borrowing SymmetricKey) throws(BaseDerivationKeyError) {
        let reduced = key.reduced()
        guard reduced.algorithm != .tdes3Key else { throw .threeKeyTDES }
        self.key = reduced
    }

    /// The algorithm of the key, which is that of every initial key derived from it.
    public var algorithm: KeyAlgorithm { key.algorithm }

    /// TDES or AES DUKPT.
    public var family: DUKPTFamily { DUKPTFamily(algorithm) }

    /// The initial key of one device.
    public func initialKey(for serialNumber: InitialKeySerialNumber) throws(EngineError) -> SymmetricKey {
        let column = KeyColumn(algorithm: algorithm, capacity: 1)
        let derivation = try InitialKeyDerivation(self, engine: OpenSSLEngine(), capacity: 1)
        try withUnsafePointer(to: serialNumber.leading) { leading throws(EngineError) in
            try derivation.derive(UnsafeBufferPointer(start: leading, count: 1), into: column)
        }
        return column.key(at: 0)
    }
}

/// Why a key cannot be a base derivation key.
public enum BaseDerivationKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// TDES with three different keys.
    case threeKeyTDES

    /// Expected and found.
    public var description: String { "expected a two-key TDES or an AES key, found a three-key TDES key" }
}
