extension OptionalBlockContents {
    /// What a block says, for people; `block` is the one that the contents were read from.
    func words(in block: OptionalBlock) -> String {
        switch self {
        case .keySerialNumber(let number):
            "initial key serial number \(number.initial), counter \(number.transactionCounter)"
        case .initialKeyID(let number):
            "initial key ID \(number.description.prefix(16))"
        case .baseDerivationKeyID(let family, _, let identifier):
            family == .tdes ? "key set identifier \(identifier), TDES" : "base derivation key ID \(identifier), AES"
        case .checkValue(let stated):
            "\(stated.method == .legacy ? "legacy" : "CMAC") check value \(stated.digits)"
        case .time(let time):
            time.description
        case .derivationsAllowed(let derivations):
            derivations.map(\.words).joined(separator: "; ")
        case .hashAlgorithm(let name):
            name
        case .asymmetricKeyLife(let isStatic):
            isStatic ? "static key" : "ephemeral key"
        case .certificates(let formats):
            formats.map { $0 == .x509 ? "X.509 certificate" : "EMV certificate" }.joined(separator: ", ")
        case .wrappingPedigree(let pedigree):
            Self.pedigrees[pedigree]
        case .text(let text):
            block.id == .padding ? "\(text.utf8.count) characters of filling" : "text of \(text.utf8.count) characters"
        }
    }

    /// What the key was wrapped under on its way.
    ///
    /// See ANSI X9.143:2021, 6.3.6.15, table 23.
    private static let pedigrees = [
        "under keys of equal or greater strength", "under a key of lesser strength",
        "under an asymmetric key at risk from quantum computers",
        "under an asymmetric key at risk from quantum computers, and a symmetric one of lesser strength",
    ]
}

extension OptionalBlockContents.Derivation {
    fileprivate var words: String {
        "\(keyUsage.meaning ?? "usage \(keyUsage)"), \(algorithm.meaning ?? "algorithm \(algorithm)"),"
            + " \(modeOfUse.meaning), \(exportability.meaning)"
    }
}
