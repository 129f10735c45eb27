import Facility
import PaymentCrypto
import TokenEngine

/// Opens the keys of the keyring that are in tokens, and proves that each is still the one that was attached.
struct TokenCabinet: TokenKeys {
    private let vault: TokenVault

    init(_ vault: TokenVault) {
        self.vault = vault
    }

    func prepare(_ entry: KeyringEntry, at location: TokenLocation) throws {
        _ = try vault.describeKey(try Self.uri(location.uri, of: entry))
    }

    func baseKey(_ entry: KeyringEntry, at location: TokenLocation) throws -> BaseKeySource {
        let key = try vault.baseKey(
            try Self.uri(location.uri, of: entry), variant: try location.variant.map { try Self.uri($0, of: entry) },
            algorithm: entry.algorithm)
        try check(try key.checkValue(), of: entry)
        try checkCompanions(of: entry, at: location)
        return key
    }

    func protection(_ entry: KeyringEntry, at location: TokenLocation) throws -> KeyBlockProtection {
        let key = try vault.protection(
            try Self.uri(location.uri, of: entry),
            encryption: try location.encryption.map { try Self.uri($0, of: entry) },
            authentication: try location.authentication.map { try Self.uri($0, of: entry) },
            algorithm: entry.algorithm, effective: entry.effectiveAlgorithm)
        try check(try key.checkValue(), of: entry)
        try checkCompanions(of: entry, at: location)
        return key
    }

    func signingKey(_ entry: RSAKeyEntry, at uri: String) throws -> SigningKey {
        let key = try vault.signingKey(try Self.uri(uri, of: entry.name))
        guard key.publicKey == entry.publicKey else {
            throw CommandFailure(
                .refused, "key '\(entry.name)': the key in the token has another public half",
                hint: "the token has another key under this name than the one that was attached")
        }
        return key
    }

    /// Writes down the check values of the keys beside the key itself.
    func complete(_ location: inout TokenLocation, algorithm: KeyAlgorithm) throws {
        guard !location.companions.isEmpty else { return }
        location.checkValues = try location.companions.reduce(into: [:]) { values, key in
            values[key.role] = try vault.checkValue(of: try TokenURI(key.uri), algorithm: algorithm, .cmac).description
        }
    }

    private func checkCompanions(of entry: KeyringEntry, at location: TokenLocation) throws {
        for (role, uri) in location.companions {
            let found = try vault.checkValue(of: try Self.uri(uri, of: entry), algorithm: entry.algorithm, .cmac)
            guard let expected = location.checkValues?[role], expected != found.description else { continue }
            throw CommandFailure(
                .refused, "key '\(entry.name)', \(role): expected check value \(expected), found \(found) in the token",
                hint: "the token has another key under this name than the one that was attached")
        }
    }

    /// Somebody may have put another key under the same label.
    private func check(_ found: CheckValue, of entry: KeyringEntry) throws {
        guard entry.checkValue != found.description else { return }
        throw CommandFailure(
            .refused,
            "key '\(entry.name)': expected check value \(entry.checkValue), found \(found) in the token",
            hint: "the token has another key under this name than the one that was attached")
    }

    private static func uri(_ text: String, of entry: KeyringEntry) throws -> TokenURI {
        try uri(text, of: entry.name)
    }

    private static func uri(_ text: String, of name: KeyName) throws -> TokenURI {
        do throws(TokenURIError) { return try TokenURI(text) } catch {
            throw CommandFailure(.badSite, "key '\(name)': the URI in the keyring: \(error)")
        }
    }
}
