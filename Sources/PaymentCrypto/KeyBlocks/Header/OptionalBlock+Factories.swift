extension OptionalBlock {
    /// KS for TDES, IK for AES: which device a wrapped initial key belongs to.
    ///
    /// KS is the initial KSN with its counter zero, IK the initial key ID alone. X9.24-3:2017, C.2.3 and 4.17.
    public static func initialKeySerialNumber(_ serialNumber: InitialKeySerialNumber) -> OptionalBlock {
        switch serialNumber.family {
        case .tdes: OptionalBlock(id: .keySerialNumber, checked: serialNumber.description)
        case .aes: OptionalBlock(id: .initialKeyID, checked: String(serialNumber.description.prefix(16)))
        }
    }

    /// BI for a TDES base derivation key: its key set identifier, 5 bytes.
    ///
    /// The low 40 bits of `identifier` count. X9.143:2021, 6.3.6.2, table 9.
    public static func keySetIdentifier(_ identifier: UInt64) -> OptionalBlock {
        OptionalBlock(id: .baseDerivationKeyID, checked: "00" + digits(identifier, count: 10))
    }

    /// BI for an AES base derivation key: its identifier, 4 bytes.
    ///
    /// Written with type 01, as X9.143:2021, 6.3.6.2, table 9 has it; AWS's page prints 11, and both are read.
    public static func baseDerivationKeyID(_ identifier: UInt32) -> OptionalBlock {
        OptionalBlock(id: .baseDerivationKeyID, checked: "01" + digits(UInt64(identifier), count: 8))
    }

    /// KC: the check value of the wrapped key.
    public static func keyCheckValue(_ checkValue: CheckValue) -> OptionalBlock {
        OptionalBlock(id: .keyCheckValue, checked: text(checkValue))
    }

    /// KP: the check value of the key block protection key.
    public static func protectionKeyCheckValue(_ checkValue: CheckValue) -> OptionalBlock {
        OptionalBlock(id: .protectionKeyCheckValue, checked: text(checkValue))
    }

    /// TS: when the block was made.
    public static func timeStamp(_ time: KeyBlockTime) -> OptionalBlock {
        OptionalBlock(id: .timeStamp, checked: time.compactText)
    }

    /// LB: a label of printable ASCII; nil for other characters.
    public static func label(_ text: String) -> OptionalBlock? {
        OptionalBlock(.label, data: text)
    }

    // The method's code is 00 for legacy, 01 for CMAC. X9.143:2021, 6.3.6.7, table 15.
    private static func text(_ checkValue: CheckValue) -> String {
        (checkValue.method == .legacy ? "00" : "01") + checkValue.description
    }

    private static func digits(_ number: UInt64, count: Int) -> String {
        let whole = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
        return String(Hexadecimal.text(whole).suffix(count))
    }
}
