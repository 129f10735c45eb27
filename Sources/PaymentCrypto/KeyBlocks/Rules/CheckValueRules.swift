/// Compares the check values in KC and KP with the real ones.
///
/// See ANSI X9.143:2021, 6.3.6.7, and X9.24-1:2017, Annex A. PK belongs to a key that is not here and is not compared.
enum CheckValueRules {
    static func deviations(
        _ block: UnverifiedKeyBlock, key: borrowing SymmetricKey, protection: KeyBlockProtection
    ) throws(EngineError) -> [KeyBlockDeviation] {
        var found: [KeyBlockDeviation] = []
        if let stated = stated(block, .keyCheckValue) {
            let real = try key.checkValue(stated.method)
            if !stated.agrees(with: real) {
                // The key is not the one that the header speaks of, although the authenticator is right.
                found.append(mismatch(.keyCheckValue, .always, in: .keyCheckValue, stated, real))
            }
        }
        if let stated = stated(block, .protectionKeyCheckValue) {
            let real = try protection.checkValue(stated.method)
            if !stated.agrees(with: real) {
                // The authenticator proves that the protection key is right, so only the label is wrong.
                found.append(
                    mismatch(.protectionKeyCheckValue, .strictOnly, in: .protectionKeyCheckValue, stated, real))
            }
        }
        return found
    }

    /// For a key whose check value this library does not know how to make.
    static func unverifiable(_ block: UnverifiedKeyBlock) -> [KeyBlockDeviation] {
        guard stated(block, .keyCheckValue) != nil else { return [] }
        return [
            KeyBlockDeviation(
                .checkValueUnverified, .note, in: .keyCheckValue,
                "the check value of a key of algorithm \(block.header.algorithm) is not verified")
        ]
    }

    private static func stated(
        _ block: UnverifiedKeyBlock, _ id: OptionalBlock.Identifier
    ) -> OptionalBlockContents.StatedCheckValue? {
        guard let found = block.header.optionalBlock(id),
            case .checkValue(let stated) = try? OptionalBlockContents(found)
        else { return nil }
        return stated
    }

    private static func mismatch(
        _ rule: KeyBlockRule, _ severity: KeyBlockDeviation.Severity, in id: OptionalBlock.Identifier,
        _ stated: OptionalBlockContents.StatedCheckValue, _ real: CheckValue
    ) -> KeyBlockDeviation {
        KeyBlockDeviation(rule, severity, in: id, "expected the check value \(real), found \(stated.digits)")
    }
}
