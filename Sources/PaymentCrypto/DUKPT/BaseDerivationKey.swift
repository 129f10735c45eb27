/// A key from which the initial keys of a fleet are derived: two-key TDES, or AES.
public struct BaseDerivationKey: ~Copyable, Sendable {
    /// The key itself; two-key TDES, or AES.
    @_spi(Engine) public let key: SymmetricKey

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

    /// TDES: the BDK xor C0C0C0C000000000C0C0C0C000000000, which derives the right halves; AES has none.
    ///
    /// X9.24-1:2009 A.6. A token that cannot xor needs it as an object of its own.
    @_spi(Engine) public func makeVariant() -> SymmetricKey? {
        guard algorithm.isTDES else { return nil }
        return key.bytes.withExposedBytes { bytes in
            SymmetricKey(algorithm: .tdes2Key) { memory in
                for index in 0..<16 { memory[index] = bytes[index] ^ (index & 4 == 0 ? 0xC0 : 0x00) }
            }
        }
    }
}

/// Why a key cannot be a base derivation key.
public enum BaseDerivationKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// TDES with three different keys.
    case threeKeyTDES

    /// Expected and found.
    public var description: String { "expected a two-key TDES or an AES key, found a three-key TDES key" }
}
