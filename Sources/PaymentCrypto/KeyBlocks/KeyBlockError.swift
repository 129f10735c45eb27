/// Why a key block cannot be read, opened or made.
///
/// Nothing secret is in any of them. There is one error for a wrong key and an altered block.
public enum KeyBlockError: Error, Equatable, Sendable {
    // The text; a key takes no part.

    /// A length that no key block has; found is the number of characters.
    case unusableLength(found: Int)
    /// A character that is not printable ASCII; `position` counts from 1.
    case notPrintable(position: Int)
    /// A header field holds something that it may not hold.
    case malformedField(KeyBlockField, found: String)
    /// The header's length is not the number of characters.
    case lengthMismatch(declared: Int, found: Int)
    /// The optional block at `index`, counted from 1, cannot be read.
    case malformedOptionalBlock(index: Int, OptionalBlockFault)
    /// Two optional blocks with the same identifier.
    case duplicateOptionalBlock(OptionalBlock.Identifier)
    /// A padding block that is not the last one.
    case paddingBlockNotLast
    /// The optional blocks together are not a multiple of the cipher's block.
    case misalignedOptionalBlocks(length: Int, multipleOf: Int)
    /// A character of the encrypted part or of the authenticator is no hexadecimal digit; `position` counts from 1.
    case notHexadecimal(position: Int)
    /// The encrypted part is empty or not a whole number of the cipher's blocks; `found` counts characters.
    case unusablePayload(found: Int, multipleOf: Int)

    // The key that protects the block.

    /// The key has the wrong algorithm for this version.
    case unsuitableProtectionKey(version: KeyBlockVersion, found: KeyAlgorithm)
    /// The authenticator does not match: the key is another one, or something was changed.
    case wrongKeyOrAltered
    /// A block cipher failed.
    case engine(EngineError)

    // The authentic contents.

    /// The length of the key inside is none that the payload or the algorithm can have.
    case unusableKeyLength(bits: Int, algorithm: KeyBlockAlgorithm)
    /// A rule of X9.143 is broken, and the strictness does not let it pass.
    case ruleBroken(KeyBlockDeviation)
    /// The block holds something else than a TDES or AES key of a usual length.
    case notSymmetricKey(algorithm: KeyBlockAlgorithm, byteCount: Int)
    /// The block holds no RSA private key that can be used.
    case notPrivateKey(algorithm: KeyBlockAlgorithm)

    // Making a block.

    /// Versions A and C are for import only.
    case versionOnlyOpened(KeyBlockVersion)
    /// The header names another algorithm than the key has.
    case algorithmMismatch(header: KeyBlockAlgorithm, key: KeyAlgorithm)
    /// An RSA private key goes into a block of version D with the algorithm R, and nowhere else.
    case unsuitablePrivateKeyHeader(version: KeyBlockVersion, algorithm: KeyBlockAlgorithm)
    /// A key is never wrapped under a weaker one.
    case weakerProtectionKey(wrapped: KeyAlgorithm, under: KeyAlgorithm)
    /// More optional blocks or characters than a header can count.
    case tooLong(characters: Int)
    /// More than 99 optional blocks, padding counted.
    case tooManyOptionalBlocks(Int)
}

/// What is wrong with the frame of an optional block.
public enum OptionalBlockFault: Error, Equatable, Sendable {
    /// The block ends before its identifier and length do.
    case cutShort
    /// The identifier is not two letters or digits.
    case identifier(found: String)
    /// The length is not upper-case hexadecimal, or shorter than what holds it.
    case length(found: String)
    /// The length reaches beyond the end of the key block.
    case beyondEnd(length: Int, available: Int)
}

extension KeyBlockError: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .unusableLength(let found):
            "expected a key block of 16 to 9999 characters, found \(found)"
        case .notPrintable(let position):
            "expected printable ASCII, found something else at character \(position)"
        case .malformedField(let field, let found):
            "\(field): expected \(field.expectation), found \(found)"
        case .lengthMismatch(let declared, let found):
            "the header says \(declared) characters, found \(found)"
        case .malformedOptionalBlock(let index, let fault):
            "optional block \(index): \(fault)"
        case .duplicateOptionalBlock(let id):
            "optional block \(id): expected once, found twice"
        case .paddingBlockNotLast:
            "optional block PB: expected as the last one, found another behind it"
        case .misalignedOptionalBlocks(let length, let multiple):
            "optional blocks: expected a multiple of \(multiple) characters, found \(length)"
        case .notHexadecimal(let position):
            "expected a hexadecimal digit at character \(position), found something else"
        case .unusablePayload(let found, let multiple):
            "encrypted key: expected a multiple of \(multiple) characters, found \(found)"
        case .unsuitableProtectionKey(let version, let found):
            "a version \(version) block is protected by \(version.isTDES ? "a TDES" : "an AES") key, found \(found.reportName)"
        case .wrongKeyOrAltered:
            "wrong key or altered block"
        case .engine(let error):
            error.description
        case .unusableKeyLength(let bits, let algorithm):
            "the block says that its \(algorithm.meaning ?? "\(algorithm)") key has \(bits) bits, which cannot be"
        case .ruleBroken(let deviation):
            deviation.description
        case .notSymmetricKey(let algorithm, let byteCount):
            "expected a TDES or AES key, found \(algorithm.meaning ?? "algorithm \(algorithm)") with \(byteCount) bytes"
        case .notPrivateKey(let algorithm):
            "expected an RSA private key, found \(algorithm.meaning ?? "algorithm \(algorithm)") that is none"
        case .unsuitablePrivateKeyHeader(let version, let algorithm):
            "an RSA private key is wrapped in version D with algorithm R, found version \(version), algorithm \(algorithm)"
        case .versionOnlyOpened(let version):
            "expected key block version B, D or E, found \(version), which is only opened"
        case .algorithmMismatch(let header, let key):
            "the header says \(header.meaning ?? "\(header)"), the key is \(key.reportName)"
        case .weakerProtectionKey(let wrapped, let under):
            "a key of \(wrapped.reportName) is not wrapped under the weaker \(under.reportName)"
        case .tooLong(let characters):
            "expected a key block of at most 9999 characters, found \(characters)"
        case .tooManyOptionalBlocks(let count):
            "expected at most 99 optional blocks, found \(count)"
        }
    }
}

extension OptionalBlockFault: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .cutShort: "expected an identifier and a length, found the end of the key block"
        case .identifier(let found): "expected an identifier of 2 letters or digits, found \(found)"
        case .length(let found): "expected a length in upper-case hexadecimal, found \(found)"
        case .beyondEnd(let length, let available):
            "expected at most \(available) characters, its length says \(length)"
        }
    }
}
