import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// How keys travel to public keys: whom the receivers' certificates descend from, who signs, and in which form.
struct PublicKeyArguments: ParsableArguments {
    @Option(
        name: .customLong("krd-ca"),
        help: "TR-34: an enrolled anchor, or a PEM file with a root and its intermediates.")
    var receiverAuthority: String?

    @Option(name: .customLong("krd-crl"), help: "TR-34: a file with the authority's revocation list.")
    var receiverRevocationList: String?

    @Option(
        name: .customLong("ca"), help: "RSA-OAEP: an enrolled anchor, or a PEM file with a root and its intermediates.")
    var authority: String?

    @Option(name: .customLong("crl"), help: "RSA-OAEP: a file with the authority's revocation list.")
    var revocationList: String?

    @Flag(name: .customLong("no-crl"), help: "Look at no revocation list; recorded.")
    var isRevocationUnchecked = false

    @Option(
        name: .customLong("kdh-key"), help: "TR-34: the key that signs.", transform: Arguments.keyName)
    var signingKey: KeyName?

    @Option(
        name: .customLong("export-token"), help: "TR-34: the exchange whose key signs.", transform: Arguments.keyName)
    var exportToken: KeyName?

    @Option(
        name: .customLong("kdh-crl"),
        help: "TR-34: a file with the revocation list of the signer's authority, for the x9 and cms forms.")
    var signerRevocationList: String?

    @Option(
        name: .customLong("tr34-profile"), help: "aws2012, x9-2012, x9-2019 or cms (default: aws2012).",
        transform: Arguments.tokenProfile)
    var profile: TR34Profile?

    @Option(name: .customLong("hash"), help: "RSA-OAEP: sha256 or sha512 (default: sha256).", transform: Arguments.hash)
    var hash: OAEPHash?

    /// Refuses what belongs to another way out, and misses what this one needs.
    ///
    /// - Parameter prefix: what a command puts before the name of a transport.
    func check(for transport: KeyTransport, naming prefix: String = "--") throws {
        try checkOwners(transport, naming: prefix)
        switch transport {
        case .tr31: break
        case .tr34: try checkToken(prefix + transport.rawValue)
        case .rsaOAEP:
            guard authority != nil else { throw ValidationError("\(prefix)\(transport) needs --ca") }
            try checkRevocation("--crl", revocationList)
        }
    }

    /// The same beside a request, which says the rest; that it names no list need not be said.
    func checkBesideRequest(for transport: KeyTransport) throws {
        try checkOwners(transport, naming: "--")
        guard !isRevocationUnchecked || receiverRevocationList == nil && revocationList == nil else {
            throw ValidationError("expected --\(transport == .tr34 ? "krd-crl" : "crl") or --no-crl, found both")
        }
        if transport == .tr34 { try checkCarriesList() }
    }

    private func checkOwners(_ transport: KeyTransport, naming prefix: String) throws {
        for (option, isGiven, owner) in given where isGiven && !owner.contains(transport) {
            let owners = owner.map { prefix + $0.rawValue }.joined(separator: " or ")
            throw ValidationError("\(option) belongs to \(owners)")
        }
    }

    private var given: [(option: String, isGiven: Bool, owner: [KeyTransport])] {
        [
            ("--krd-ca", receiverAuthority != nil, [.tr34]), ("--krd-crl", receiverRevocationList != nil, [.tr34]),
            ("--kdh-key", signingKey != nil, [.tr34]), ("--export-token", exportToken != nil, [.tr34]),
            ("--kdh-crl", signerRevocationList != nil, [.tr34]), ("--tr34-profile", profile != nil, [.tr34]),
            ("--ca", authority != nil, [.rsaOAEP]), ("--crl", revocationList != nil, [.rsaOAEP]),
            ("--hash", hash != nil, [.rsaOAEP]), ("--no-crl", isRevocationUnchecked, [.tr34, .rsaOAEP]),
        ]
    }

    private func checkToken(_ transport: String) throws {
        guard receiverAuthority != nil else { throw ValidationError("\(transport) needs --krd-ca") }
        try checkRevocation("--krd-crl", receiverRevocationList)
        guard (signingKey == nil) != (exportToken == nil) else {
            throw ValidationError(
                "\(transport) needs --kdh-key or --export-token, found \(signingKey == nil ? "neither" : "both")")
        }
        try checkCarriesList()
    }

    private func checkCarriesList() throws {
        if signerRevocationList != nil, (profile ?? .aws2012) == .aws2012 {
            throw ValidationError("--kdh-crl: tokens of the form aws2012 carry no revocation list")
        }
    }

    /// That nobody looks for revocations is said, and never happens by itself.
    private func checkRevocation(_ option: String, _ list: String?) throws {
        guard (list == nil) == isRevocationUnchecked else {
            throw ValidationError(
                "expected \(option) or --no-crl, found \(list == nil ? "neither" : "both")")
        }
    }
}

extension PublicKeyArguments {
    /// Whom the receivers' certificates must descend from.
    func trust(for transport: KeyTransport, keyring: Keyring) throws -> CertificateTrust {
        let (authority, list) =
            transport == .tr34 ? (receiverAuthority, receiverRevocationList) : (authority, revocationList)
        return CertificateTrust(
            try Self.anchor(authority ?? "", in: keyring), revocation: try Self.revocation(list))
    }

    /// Who signs tokens.
    func signer() throws -> TokenSigner {
        let key: TokenSigner.Key? = signingKey.map { .named($0) } ?? exportToken.map { .exchange($0) }
        guard let key else { throw ValidationError("--tr34 needs --kdh-key or --export-token") }
        return TokenSigner(key, profile: profile ?? .aws2012, revocationLists: try readSignerRevocationLists())
    }

    /// The list of the signer's authority.
    func readSignerRevocationLists() throws -> [CertificateRevocationList] {
        try signerRevocationList.map { try RevocationListFile.read($0) } ?? []
    }

    /// An enrolled certificate of this name, or else a file.
    static func anchor(_ text: String, in keyring: Keyring) throws -> CertificateTrust.Anchor {
        if let name = KeyName(text), (try? keyring.anchor(name)) != nil { return .enrolled(name) }
        return .given(try CertificateFile(text).all())
    }

    static func revocation(_ path: String?) throws -> CertificateValidator.Revocation {
        guard let path else { return .unchecked }
        return .lists(try RevocationListFile.read(path))
    }
}

extension Arguments {
    static func tokenProfile(_ text: String) throws -> TR34Profile {
        try expect("aws2012, x9-2012, x9-2019 or cms", TR34Profile(rawValue: text))
    }

    static func tokenNonce(_ text: String) throws -> TR34Nonce {
        try expect("16 to 32 hexadecimal digits", TR34Nonce(text))
    }

    static func hash(_ text: String) throws -> OAEPHash {
        try expect("sha256 or sha512", OAEPHash(rawValue: text))
    }
}
