import ArgumentParser
import Facility
import PaymentCrypto
import TokenEngine

/// Registers a key that stays in a token.
struct KeyAttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Registers a key that stays in a PKCS#11 token.",
        discussion: """
            The token computes the check value; compare it with the one that came with the key, or give that with \
            --expect-kcv. A TDES base derivation key needs its variant (the key xor \
            C0C0C0C000000000C0C0C0C000000000) as a second key of the token. Without --pkcs11-encryption and \
            --pkcs11-mac the two keys that are derived from a wrapping key are in this process's memory while it is used.
            """)

    @Argument(help: "The key's name in this site.", transform: Arguments.keyName)
    var name: KeyName

    @Option(
        name: .customLong("pkcs11"),
        help: "The key, as pkcs11:token=LABEL;object=LABEL?module-path=PATH&pin-source=file:PATH.",
        transform: Arguments.tokenURI)
    var uri: TokenURI

    @Option(
        name: .customLong("pkcs11-variant"), help: "The variant of a TDES base derivation key.",
        transform: Arguments.tokenURI)
    var variant: TokenURI?

    @Option(
        name: .customLong("pkcs11-encryption"), help: "The key derived from a wrapping key that encrypts key blocks.",
        transform: Arguments.tokenURI)
    var encryption: TokenURI?

    @Option(
        name: .customLong("pkcs11-mac"), help: "The key derived from a wrapping key that authenticates key blocks.",
        transform: Arguments.tokenURI)
    var authentication: TokenURI?

    @Option(
        help: "What it is for: bdk, initial-key, kek, kbpk, or any two-character usage of X9.143.",
        transform: Arguments.keyUsage)
    var usage: KeyUsage

    @Option(help: "Its cipher and length.")
    var algorithm: KeyAlgorithm

    @Option(
        name: .customLong("expect-kcv"),
        help: "The check value that the key must have, 4 to 10 hexadecimal digits; else nothing is kept.",
        transform: Arguments.expectedCheckValue)
    var expectedCheckValue: ExpectedCheckValue?

    @OptionGroup(title: "Header") var header: NewKeyOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try checkURIs()
        let needsVariant = usage == .baseDerivationKey && algorithm.isTDES
        guard needsVariant == (variant != nil) else {
            throw ValidationError(
                needsVariant
                    ? "a TDES base derivation key needs --pkcs11-variant"
                    : "--pkcs11-variant belongs to a TDES base derivation key")
        }
        guard (encryption == nil) == (authentication == nil) else {
            throw ValidationError("--pkcs11-encryption and --pkcs11-mac go together")
        }
        let isWrapping = usage == .keyEncryption || usage == .keyBlockProtection
        guard encryption == nil || isWrapping else {
            throw ValidationError("--pkcs11-encryption and --pkcs11-mac belong to a wrapping key (kek or kbpk)")
        }
    }

    /// Known before anybody is asked for a passphrase or a PIN.
    private func checkURIs() throws {
        let given = [
            ("--pkcs11", uri), ("--pkcs11-variant", variant), ("--pkcs11-encryption", encryption),
            ("--pkcs11-mac", authentication),
        ]
        for (option, uri) in given {
            do throws(TokenError) { try uri?.checkNamesSecretKey() } catch {
                let words = [option, error.description, error.hint].compactMap(\.self)
                throw ValidationError(words.joined(separator: ": "))
            }
        }
    }

    func run() throws {
        try global.readSite().keyring().checkIsFree(name)
        var keeper = KeyKeeper(console: global.console)
        let header = try header.header(usage: usage, algorithm: algorithm, keeper: &keeper)
        let new = UnlockedSite.NewKey(name: name, header: header, origin: "attached")
        let report = try global.audited("key attach") { site, event in
            event.add(name)
            return KeyReport(try attach(new, in: site, vault: global.tokenVault, &event))
        }
        try keeper.show(report)
    }

    private func attach(
        _ new: UnlockedSite.NewKey, in site: borrowing UnlockedSite, vault: TokenVault, _ event: inout AuditEvent
    ) throws -> KeyringEntry {
        let standard = CheckValueMethod.standard(for: algorithm)
        let found = try vault.checkValue(of: uri, algorithm: algorithm, standard)
        if let expectedCheckValue, !expectedCheckValue.matches(found) {
            // For the hint alone: a key that may only authenticate has no legacy check value.
            let other = try? vault.checkValue(of: uri, algorithm: algorithm, standard == .legacy ? .cmac : .legacy)
            try expectedCheckValue.check(found, other: other)
        }
        try checkCanBeUsed(vault)
        return try site.attach(
            new, at: try location(vault), algorithm: algorithm, checkValue: found,
            fingerprint: usage == .baseDerivationKey
                ? try vault.fingerprint(of: uri, algorithm: algorithm) : nil,
            recording: &event)
    }

    /// What the key lacks is said today, and not when a run needs it.
    private func checkCanBeUsed(_ vault: TokenVault) throws {
        switch usage {
        case .baseDerivationKey: _ = try vault.baseKey(uri, variant: variant, algorithm: algorithm)
        case .keyEncryption, .keyBlockProtection:
            _ = try vault.protection(
                uri, encryption: encryption, authentication: authentication, algorithm: algorithm)
            guard let encryption, let authentication else { return }
            try vault.checkDerivedKeys(
                of: uri, encryption: encryption, authentication: authentication, algorithm: algorithm)
        default: break
        }
    }

    /// With identifiers, so that another key of the same label is not taken for this one later.
    private func location(_ vault: TokenVault) throws -> TokenLocation {
        var location = TokenLocation(
            uri: try vault.pinned(uri).description,
            variant: try variant.map { try vault.pinned($0).description },
            encryption: try encryption.map { try vault.pinned($0).description },
            authentication: try authentication.map { try vault.pinned($0).description })
        try TokenCabinet(vault).complete(&location, algorithm: algorithm)
        return location
    }
}
