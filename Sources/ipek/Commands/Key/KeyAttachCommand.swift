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
            --pkcs11-mac the two keys that are derived from a wrapping key are in this process's memory while it is used. \
            An RSA key that signs signs once, and the signature is verified.
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

    @Option(help: AnyKeyUsage.help, transform: Arguments.anyKeyUsage)
    var usage: AnyKeyUsage

    @Option(help: "Its cipher and length.")
    var algorithm: AnyKeyAlgorithm

    @Option(
        name: .customLong("expect-kcv"),
        help: "The check value that the key must have, 4 to 10 hexadecimal digits; else nothing is kept.",
        transform: Arguments.expectedCheckValue)
    var expectedCheckValue: ExpectedCheckValue?

    @OptionGroup(title: "Header") var header: NewKeyOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        switch try AnyKeyKind(usage, algorithm) {
        case .symmetric(let usage, let algorithm): try validate(usage, algorithm)
        case .rsa(let usage, _): try validate(usage)
        }
    }

    private func validate(_ usage: KeyUsage, _ algorithm: KeyAlgorithm) throws {
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

    private func validate(_ usage: RSAKeyUsage) throws {
        guard usage == .sign else {
            throw ValidationError("--usage: expected sign for an RSA key in a token, found \(usage)")
        }
        guard variant == nil, encryption == nil, authentication == nil, expectedCheckValue == nil, header.isEmpty else {
            throw ValidationError(
                "an RSA key has no check value, no header and no keys beside it: expected none of these")
        }
    }

    func run() throws {
        try global.readSite().keyring().checkIsFree(name)
        switch try AnyKeyKind(usage, algorithm) {
        case .symmetric(let usage, let algorithm): try attach(usage, algorithm)
        case .rsa(_, let size): try attach(size)
        }
    }

    private func attach(_ usage: KeyUsage, _ algorithm: KeyAlgorithm) throws {
        var keeper = KeyKeeper(console: global.console)
        let header = try header.header(usage: usage, algorithm: algorithm, keeper: &keeper)
        let new = UnlockedSite.NewKey(name: name, header: header, origin: "attached")
        let report = try global.audited("key attach") { site, event in
            event.add(name)
            return KeyReport(try attach(new, algorithm, in: site, vault: global.tokenVault, &event))
        }
        try keeper.show(report)
    }

    private func attach(_ size: RSAKeySize) throws {
        let entry = try global.audited("key attach") { site, event in
            event.add(name)
            let vault = global.tokenVault
            let publicKey = try vault.signingKey(uri).publicKey
            guard publicKey.bitCount == size.bitCount else {
                throw CommandFailure(
                    .badInput,
                    "the key in the token: expected \(size.rawValue), found RSA of \(publicKey.bitCount) bits")
            }
            let new = UnlockedSite.NewRSAKey(name: name, usage: .sign, origin: "attached")
            return try site.attach(
                new, publicKey, at: try vault.pinnedSigningKey(uri).description, recording: &event)
        }
        let report = RSAKeyReport(entry)
        try global.console.write(report, text: report.text)
    }

    private func attach(
        _ new: UnlockedSite.NewKey, _ algorithm: KeyAlgorithm, in site: borrowing UnlockedSite, vault: TokenVault,
        _ event: inout AuditEvent
    ) throws -> KeyringEntry {
        let standard = CheckValueMethod.standard(for: algorithm)
        let found = try vault.checkValue(of: uri, algorithm: algorithm, standard)
        if let expectedCheckValue, !expectedCheckValue.matches(found) {
            // For the hint alone: a key that may only authenticate has no legacy check value.
            let other = try? vault.checkValue(of: uri, algorithm: algorithm, standard == .legacy ? .cmac : .legacy)
            try expectedCheckValue.check(found, other: other)
        }
        let usage = new.header.keyUsage
        try checkCanBeUsed(vault, usage, algorithm)
        return try site.attach(
            new, at: try location(vault, algorithm), algorithm: algorithm, checkValue: found,
            fingerprint: usage == .baseDerivationKey
                ? try vault.fingerprint(of: uri, algorithm: algorithm) : nil,
            recording: &event)
    }

    /// What the key lacks is said today, and not when a run needs it.
    private func checkCanBeUsed(_ vault: TokenVault, _ usage: KeyUsage, _ algorithm: KeyAlgorithm) throws {
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
    private func location(_ vault: TokenVault, _ algorithm: KeyAlgorithm) throws -> TokenLocation {
        var location = TokenLocation(
            uri: try vault.pinned(uri).description,
            variant: try variant.map { try vault.pinned($0).description },
            encryption: try encryption.map { try vault.pinned($0).description },
            authentication: try authentication.map { try vault.pinned($0).description })
        try TokenCabinet(vault).complete(&location, algorithm: algorithm)
        return location
    }
}
