/// What X9.143 says about each optional block: its contents, and the keys that it goes with.
///
/// See ANSI X9.143:2021, 6.3.6.
enum OptionalBlockRules {
    static func deviations(_ block: OptionalBlock, header: KeyBlockHeader) -> [KeyBlockDeviation] {
        let placement = placement(block.id, header).map {
            KeyBlockDeviation(
                .blockPlacement, .strictOnly, in: block.id, "expected with \($0), found with \(header.kind)")
        }
        return [placement, lowerCase(block)].compactMap(\.self) + contents(block, header)
    }

    /// The keys that a block goes with, in words, where this header's key is not one of them.
    private static func placement(_ id: OptionalBlock.Identifier, _ header: KeyBlockHeader) -> String? {
        let isInitialKey = header.keyUsage == .initialDUKPTKey
        let isHMAC = [.hmac, .hmacSHA2, .hmacSHA3].contains(header.algorithm)
        return switch id {
        case .keySerialNumber where !(isInitialKey && header.algorithm == .tdea): "a TDES key of usage B1"
        case .initialKeyID where !(isInitialKey && header.algorithm == .aes): "an AES key of usage B1"
        case .baseDerivationKeyID where header.keyUsage != .baseDerivationKey: "a key of usage B0"
        case .derivationsAllowed where header.keyUsage != .keyDerivation: "a key of usage B3"
        case .hashAlgorithm where !isHMAC: "an HMAC key"
        case .asymmetricKeyLife where !header.algorithm.isAsymmetric: "an asymmetric key"
        case .certificate where !header.algorithm.isAsymmetric: "an asymmetric key"
        default: nil
        }
    }

    /// Identifiers and check values are written in upper case (format H); the value is the same.
    private static func lowerCase(_ block: OptionalBlock) -> KeyBlockDeviation? {
        let hexadecimal: [OptionalBlock.Identifier] = [
            .keySerialNumber, .initialKeyID, .baseDerivationKeyID, .keyCheckValue, .protectionKeyCheckValue,
            .exportKeyCheckValue,
        ]
        guard hexadecimal.contains(block.id),
            block.data.utf8.contains(where: { ASCII.isUpperCase($0 & ~0x20) && !ASCII.isUpperCase($0) })
        else { return nil }
        return KeyBlockDeviation(.upperCase, .note, in: block.id, "lower-case hexadecimal")
    }

    private static func contents(_ block: OptionalBlock, _ header: KeyBlockHeader) -> [KeyBlockDeviation] {
        do throws(OptionalBlockContentsError) {
            let contents = try OptionalBlockContents(block)
            return [finding(contents, block.id, header)].compactMap(\.self)
        } catch {
            return [KeyBlockDeviation(.blockContents, .strictOnly, in: block.id, error.words)]
        }
    }

    /// What is odd about contents that can be read.
    private static func finding(
        _ contents: OptionalBlockContents, _ id: OptionalBlock.Identifier, _ header: KeyBlockHeader
    ) -> KeyBlockDeviation? {
        switch contents {
        case .keySerialNumber(let number) where number.transactionCounter != 0:
            KeyBlockDeviation(
                .initialKeySerialNumber, .strictOnly, in: id,
                "expected the initial key serial number \(number.initial), found one with counter"
                    + " \(number.transactionCounter)")
        case .baseDerivationKeyID(let family, let type, _):
            identifierType(family, type, header)
        case .checkValue(let stated):
            checkValue(stated, id, header)
        default:
            nil
        }
    }

    private static func identifierType(
        _ family: DUKPTFamily, _ type: String, _ header: KeyBlockHeader
    ) -> KeyBlockDeviation? {
        let id = OptionalBlock.Identifier.baseDerivationKeyID
        guard header.algorithm == (family == .tdes ? .tdea : .aes) else {
            return KeyBlockDeviation(
                .blockContents, .strictOnly, in: id,
                "expected type 00 with a TDES key and 01 with an AES key, found \(type) with \(header.kind)")
        }
        guard type == "11" else { return nil }
        return KeyBlockDeviation(.baseDerivationKeyIDType, .note, in: id, "expected type 01, found 11, read as 01")
    }

    private static func checkValue(
        _ stated: OptionalBlockContents.StatedCheckValue, _ id: OptionalBlock.Identifier, _ header: KeyBlockHeader
    ) -> KeyBlockDeviation? {
        let found = stated.digits.utf8.count
        if found > stated.longestDigitCount {
            return KeyBlockDeviation(
                .blockContents, .strictOnly, in: id,
                "expected a check value of at most \(stated.longestDigitCount) digits, found \(found)")
        }
        // X9.24-1:2017, 7.7.2: an AES key has a CMAC check value.
        let isAESKey = id == .keyCheckValue && header.algorithm == .aes
        let isAESProtectionKey = id == .protectionKeyCheckValue && !header.version.isTDES
        guard stated.method == .legacy, isAESKey || isAESProtectionKey else { return nil }
        return KeyBlockDeviation(
            .checkValueMethod, .note, in: id, "expected a CMAC check value of an AES key, found legacy")
    }
}

extension KeyBlockHeader {
    /// The key in a message.
    fileprivate var kind: String { "a key of usage \(keyUsage), algorithm \(algorithm)" }
}
