/// What X9.143 says about the header's fields and how they go together.
enum HeaderRules {
    static func deviations(_ block: UnverifiedKeyBlock) -> [KeyBlockDeviation] {
        deviations(block.header, reserved: block.reservedCharacter)
    }

    /// The same for a header that is not that of a key block.
    static func deviations(_ header: KeyBlockHeader, reserved character: Character) -> [KeyBlockDeviation] {
        [keyUsage(header.keyUsage), modeOfUse(header), algorithm(header), reserved(character)].compactMap(\.self)
    }

    /// X9.143:2021, 6.3.1, table 2; numeric usages are a vendor's own business.
    private static func keyUsage(_ keyUsage: KeyUsage) -> KeyBlockDeviation? {
        if keyUsage.meaning != nil { return nil }
        return keyUsage.isProprietary
            ? KeyBlockDeviation(.keyUsage, .note, "key usage \(keyUsage) is proprietary")
            : KeyBlockDeviation(.keyUsage, .strictOnly, "key usage: expected one of X9.143, found \(keyUsage)")
    }

    /// X9.143:2021, 6.3.3, table 4; 'no restriction' comes with any usage from payShield and AWS and is accepted.
    private static func modeOfUse(_ header: KeyBlockHeader) -> KeyBlockDeviation? {
        guard let permitted = header.keyUsage.permittedModes, !permitted.contains(header.modeOfUse) else { return nil }
        let modes = permitted.map(\.description).sorted().joined(separator: ", ")
        return KeyBlockDeviation(
            .modeOfUse, header.modeOfUse == .noRestriction ? .note : .strictOnly,
            "mode of use: expected \(modes) for key usage \(header.keyUsage), found \(header.modeOfUse)")
    }

    private static func algorithm(_ header: KeyBlockHeader) -> KeyBlockDeviation? {
        guard header.algorithm == .dea else { return nil }
        return KeyBlockDeviation(
            .singleDES, .strictOnly, "algorithm: expected one that protects something, found D (single DES)")
    }

    private static func reserved(_ character: Character) -> KeyBlockDeviation? {
        guard character != "0" else { return nil }
        return KeyBlockDeviation(
            .reservedCharacter, .strictOnly,
            "\(KeyBlockField.reserved): expected 0, found \(ASCII.quoted(character.utf8))")
    }
}
