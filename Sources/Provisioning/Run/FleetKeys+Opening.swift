import Facility
import PaymentCrypto

extension FleetKeys {
    /// Takes out of the site the keys that accepted devices use, and compares their check values with the expected.
    init(
        _ pairs: Set<KeyPair>, of directory: KeyDirectory, from site: borrowing UnlockedSite, tokens: any TokenKeys,
        options: ProvisionOptions
    ) throws {
        var (baseKeys, protectionKeys): ([Int: FleetBaseKey], [Int: FleetProtectionKey]) = ([:], [:])
        for index in directory.baseKeys(of: pairs) {
            baseKeys[index] = try Self.baseKey(directory.entries[index], from: site, tokens, options)
        }
        for index in directory.protectionKeys(of: pairs) {
            protectionKeys[index] = try Self.protectionKey(directory.entries[index], from: site, tokens, options)
        }
        let sender = try directory.signer.flatMap { try Self.sender($0, from: site, tokens, options) }
        self.init(baseKeys: baseKeys, protectionKeys: protectionKeys, sender: sender)
    }

    private static func baseKey(
        _ entry: KeyringEntry, from site: borrowing UnlockedSite, _ tokens: any TokenKeys, _ options: ProvisionOptions
    ) throws -> FleetBaseKey {
        try site.checkMayProvision(with: entry)
        let key = try site.baseKey(entry, tokens: tokens)
        let isDefault = entry.name == options.manifest.baseKey
        let checkValue = try key.checkValue()
        try check(checkValue, of: entry, against: isDefault ? options.expectedBaseKeyCheckValue : nil)
        return FleetBaseKey(name: entry.name.description, key: key, checkValue: checkValue)
    }

    private static func protectionKey(
        _ entry: KeyringEntry, from site: borrowing UnlockedSite, _ tokens: any TokenKeys, _ options: ProvisionOptions
    ) throws -> FleetProtectionKey {
        try site.checkMayProvision(with: entry)
        let key = try site.protection(entry, for: .wrapping, tokens: tokens)
        let isDefault = entry.name == options.manifest.protectionKey
        let checkValue = try key.checkValue()
        try check(checkValue, of: entry, against: isDefault ? options.expectedProtectionKeyCheckValue : nil)
        return FleetProtectionKey(name: entry.name.description, key: key, checkValue: checkValue)
    }

    private static func sender(
        _ entry: RSAKeyEntry, from site: borrowing UnlockedSite, _ tokens: any TokenKeys, _ options: ProvisionOptions
    ) throws -> TR34Sender? {
        guard case .tokens(let signer, _) = options.transport else { return nil }
        return try signer.sender(
            entry, in: site, tokens: tokens, operators: options.operators.compactMap { OperatorName($0) })
    }

    private static func check(
        _ found: CheckValue, of entry: KeyringEntry, against expected: ExpectedCheckValue?
    ) throws {
        guard let expected, !expected.matches(found) else { return }
        throw ProvisioningError.unexpectedCheckValue(name: entry.name.description, expected: expected, found: found)
    }
}

extension KeyDirectory {
    /// The indices of the base keys that a run takes out: those that rows use, and that of the options.
    func baseKeys(of pairs: Set<KeyPair>) -> Set<Int> {
        Set(pairs.map { Int($0.baseKey) } + [manifestKeys.defaultBaseKey].compactMap(\.self))
    }

    /// The same for wrapping keys.
    func protectionKeys(of pairs: Set<KeyPair>) -> Set<Int> {
        guard manifestKeys.needsProtectionKey else { return [] }
        return Set(pairs.map { Int($0.protectionKey) } + [manifestKeys.defaultProtectionKey].compactMap(\.self))
    }
}

extension ChunkWriter.KeyNames {
    /// The names of all keys of the site, by their indices in ``ManifestKeys``.
    init(_ keys: FleetKeys, of directory: KeyDirectory, options: ProvisionOptions) {
        baseKeys = directory.entries.map { entry in
            let algorithm = entry.effectiveAlgorithm
            let method = options.checkValueMethod ?? .standard(for: algorithm)
            return Name(
                name: Array(entry.name.description.utf8), family: DUKPTFamily(algorithm),
                algorithm: Array(algorithm.reportName.utf8), checkValueMethod: Array(method.reportName.utf8))
        }
        protectionKeys = directory.entries.map { Array($0.name.description.utf8) }
    }
}
