import Facility
import PaymentCrypto

/// Where the clear bytes of the site's keys are, once they are used.
enum ClearKeyChecks {
    static func clearKeys(_ subject: DoctorSubject) -> [Finding] {
        guard let keyring = try? subject.keyring.get() else { return [] }
        let entries = keyring.entries
        guard !entries.isEmpty else { return [Finding("clear keys", .ok, "the site has no keys yet")] }
        return [
            inTheKeyring(entries), inTokens(entries), derivedInMemory(entries), initialKeys(entries),
        ].compactMap { $0 }
    }

    private static func inTheKeyring(_ entries: [KeyringEntry]) -> Finding? {
        let names = names(of: entries) { $0.place == .keyring }
        return names.map {
            Finding(
                "clear keys", .notice, "kept in the keyring, and in this process's memory when used: \($0)",
                remedy: "'key import --to-token' or 'key attach' keeps a key inside a token")
        }
    }

    private static func inTokens(_ entries: [KeyringEntry]) -> Finding? {
        let names = names(of: entries) { $0.place != .keyring }
        return names.map { Finding("clear keys", .ok, "stay inside a token: \($0)") }
    }

    private static func derivedInMemory(_ entries: [KeyringEntry]) -> Finding? {
        let names = names(of: entries) { entry in
            guard case .token(let location) = entry.place, entry.mayWrap else { return false }
            return location.encryption == nil || location.authentication == nil
        }
        return names.map {
            Finding(
                "clear keys", .notice,
                "stay inside a token, but the two keys that are derived from them to make key blocks are in this process's "
                    + "memory: \($0)",
                remedy: "attach the key with --pkcs11-encryption and --pkcs11-mac")
        }
    }

    private static func initialKeys(_ entries: [KeyringEntry]) -> Finding? {
        guard entries.contains(where: \.mayDerive) else { return nil }
        return Finding(
            "clear keys", .notice,
            "each initial key is in this process's memory until it is wrapped, wherever its base derivation key is")
    }

    private static func names(of entries: [KeyringEntry], where isMeant: (KeyringEntry) -> Bool) -> String? {
        let names = entries.filter(isMeant).map { "\($0.name) (\($0.header.keyUsage))" }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}

extension KeyringEntry {
    /// Whether key blocks may be made under it.
    fileprivate var mayWrap: Bool { (try? check(.wrapping)) != nil }
    /// Whether initial keys may be derived from it.
    fileprivate var mayDerive: Bool { (try? check(.baseDerivation)) != nil }
}
