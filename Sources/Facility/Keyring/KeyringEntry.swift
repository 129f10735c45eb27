public import PaymentCrypto

/// One key of the keyring: what anybody may know of it, and the key itself under the master key.
public struct KeyringEntry: Sendable {
    /// Its name.
    public let name: KeyName
    /// The cipher and key length.
    public let algorithm: KeyAlgorithm
    /// What counts for roles and strength: a three-key TDES key with K1 = K3 is a two-key one.
    public let effectiveAlgorithm: KeyAlgorithm
    /// The check value by the algorithm's own method, at full length, in hexadecimal.
    public let checkValue: String
    /// Where it came from, in words.
    public let origin: String
    /// When it came in, UTC.
    public let created: String
    /// What the key may do, as its key block says.
    public let header: KeyBlockHeader
    /// By what the ledger will know it; base derivation keys only.
    public let fingerprint: KeyFingerprint?
    let keyBlock: String

    /// Refuses a role that the key's header does not permit.
    public func check(_ role: KeyRole) throws(KeyRoleError) {
        try role.check(header, effective: effectiveAlgorithm, named: name)
    }
}

extension KeyringEntry {
    /// An entry as text, member by member.
    struct Member: Codable, Sendable {
        var name: String
        var usage: String
        var algorithm: String
        var effectiveAlgorithm: String?
        var kcv: String
        var origin: String
        var created: String
        var fingerprint: String?
        var keyBlock: String

        enum CodingKeys: String, CodingKey {
            case name, usage, algorithm, kcv, origin, created, fingerprint
            case effectiveAlgorithm = "effective_algorithm"
            case keyBlock = "key_block"
        }
    }

    /// The entry as it is written.
    var member: Member {
        Member(
            name: name.description, usage: header.keyUsage.description, algorithm: algorithm.rawValue,
            effectiveAlgorithm: effectiveAlgorithm == algorithm ? nil : effectiveAlgorithm.rawValue, kcv: checkValue,
            origin: origin, created: created, fingerprint: fingerprint?.description, keyBlock: keyBlock)
    }

    /// Nil where the members are none that this tool writes, or do not agree with the key block's header.
    init?(_ member: Member) {
        guard let name = KeyName(member.name), let algorithm = KeyAlgorithm(rawValue: member.algorithm),
            let effective = KeyAlgorithm(rawValue: member.effectiveAlgorithm ?? member.algorithm),
            let block = try? UnverifiedKeyBlock(member.keyBlock),
            block.header.keyUsage.description == member.usage,
            block.header.algorithm == KeyBlockAlgorithm(algorithm)
        else { return nil }
        let fingerprint = member.fingerprint.flatMap { KeyFingerprint($0) }
        guard (fingerprint == nil) == (member.fingerprint == nil) else { return nil }
        self.init(
            name: name, algorithm: algorithm, effectiveAlgorithm: effective, checkValue: member.kcv,
            origin: member.origin, created: member.created, header: block.header, fingerprint: fingerprint,
            keyBlock: member.keyBlock)
    }
}
