import ArgumentParser
import Facility
import PaymentCrypto
import TokenEngine

/// Where a new key goes when it does not go into the keyring.
struct TokenDestinationOptions: ParsableArguments {
    @Option(
        name: .customLong("to-token"),
        help: "Put the key into this PKCS#11 token as sensitive and not extractable, and not into the keyring.",
        transform: Arguments.tokenURI)
    var uri: TokenURI?

    func validate() throws {
        guard let uri, uri.object?.isEmpty ?? true else { return }
        throw ValidationError("--to-token: expected object=LABEL in the URI, which names the new key")
    }

    /// The token, or nil for the keyring.
    func destination(_ vault: TokenVault) -> TokenDestination? { uri.map { TokenDestination(uri: $0, vault: vault) } }
}

/// A token that is to keep a key.
struct TokenDestination {
    let uri: TokenURI
    let vault: TokenVault

    /// Puts the key and the objects that it needs into the token, and registers them; all or nothing.
    func keep(
        _ key: borrowing SymmetricKey, as new: UnlockedSite.NewKey, in site: borrowing UnlockedSite
    ) throws -> KeyringEntry {
        try site.checkMayKeep(key)
        try site.keyring().checkIsFree(new.name)
        let stored = try vault.store(key, as: Self.purpose(of: new.header), at: uri)
        do {
            return try site.attach(
                new, at: TokenLocation(stored), algorithm: key.algorithm, effective: key.effectiveAlgorithm,
                checkValue: try key.checkValue(),
                fingerprint: new.header.keyUsage == .baseDerivationKey ? try KeyFingerprint(key) : nil)
        } catch {
            // What the keyring does not know of must not stay behind; what the error says is worth more than how that goes.
            try? vault.remove(stored)
            throw error
        }
    }

    private static func purpose(of header: KeyBlockHeader) -> TokenPurpose {
        switch header.keyUsage {
        case .baseDerivationKey: .baseDerivation
        case .keyEncryption, .keyBlockProtection: .wrapping
        default: .other
        }
    }
}

extension TokenLocation {
    /// What a token has just stored.
    init(_ stored: StoredTokenKey) {
        self.init(
            uri: stored.uri.description, variant: stored.variant?.description,
            encryption: stored.encryption?.description, authentication: stored.authentication?.description)
    }
}
