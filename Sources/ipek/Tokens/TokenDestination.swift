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
    func destination(_ vault: TokenVault) -> TokenDestination? { uri.map { TokenDestination($0, vault) } }
}

/// A token that is to keep one key; owned by the command that brings it.
final class TokenDestination: TokenKeeper {
    private let uri: TokenURI
    private let vault: TokenVault
    private var stored: StoredTokenKey?

    init(_ uri: TokenURI, _ vault: TokenVault) {
        self.uri = uri
        self.vault = vault
    }

    func store(_ key: borrowing SymmetricKey, header: KeyBlockHeader) throws -> TokenLocation {
        let stored = try vault.store(key, as: Self.purpose(of: header), at: uri)
        self.stored = stored
        var location = TokenLocation(stored)
        try TokenCabinet(vault).complete(&location, algorithm: key.algorithm)
        return location
    }

    /// Takes the key out again, if it is there: what the keyring does not know of must not stay behind.
    func forget() {
        // Why the keyring does not know of it is worth more to the caller than how this goes.
        if let stored { try? vault.remove(stored) }
        stored = nil
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
