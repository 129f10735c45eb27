/// A custodian's passphrase: secret text that only scrypt reads.
public struct Passphrase: ~Copyable, Sendable {
    /// The least number of characters.
    public static let minimumCharacterCount = 12

    let bytes: SecretBytes

    /// Takes the line as it stands; every character counts, blanks too.
    public init(_ line: borrowing SecretLine) throws(PassphraseError) {
        let bytes = line.withExposedBytes { SecretBytes(copying: $0) }
        // Characters, not bytes: every byte of UTF-8 but the continuations (10xxxxxx, RFC 3629 clause 3) starts one.
        let characters = bytes.withExposedBytes { $0.count(where: { $0 & 0xC0 != 0x80 }) }
        guard characters >= Self.minimumCharacterCount else { throw .tooShort(found: characters) }
        self.bytes = bytes
    }

    /// Whether both are the same text, in constant time.
    public borrowing func isEqual(to other: borrowing Passphrase) -> Bool { bytes.isEqual(to: other.bytes) }
}

/// What is wrong with a passphrase.
public enum PassphraseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Fewer characters than `Passphrase.minimumCharacterCount`.
    case tooShort(found: Int)

    /// Expected and found.
    public var description: String {
        switch self {
        case .tooShort(let found):
            "the passphrase is too short: expected at least \(Passphrase.minimumCharacterCount) characters, found \(found)"
        }
    }
}
