import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// The forms in which a key leaves, and what each needs to know.
struct KeyExportArguments: ParsableArguments {
    @Flag(name: .customLong("tr31"), help: "As a TR-31 / X9.143 key block.")
    var isKeyBlock = false

    @Flag(name: .customLong("tr34"), help: "In a TR-34 token, for the holder of a certificate.")
    var isToken = false

    @Flag(name: .customLong("rsa-oaep"), help: "As a cryptogram under the key of a certificate, without a header.")
    var isCryptogram = false

    @Option(help: "TR-31: the key that it is wrapped under.", transform: Arguments.keyName)
    var under: KeyName?

    @Option(name: .customLong("krd-certificate"), help: "TR-34: a file with the receiver's certificate.")
    var receiverCertificate: String?

    @Option(
        help: "TR-34: the receiver's nonce of 8 to 16 bytes, for two passes (default: one pass, with the time).",
        transform: Arguments.tokenNonce)
    var nonce: TR34Nonce?

    @Option(help: "RSA-OAEP: a file with the receiver's certificate.")
    var certificate: String?

    @OptionGroup var publicKey: PublicKeyArguments

    /// The one form that was asked for.
    func transport() throws -> KeyTransport {
        let asked: [KeyTransport] =
            (isKeyBlock ? [.tr31] : []) + (isToken ? [.tr34] : []) + (isCryptogram ? [.rsaOAEP] : [])
        guard asked.count == 1, let transport = asked.first else {
            throw ValidationError(
                "expected one of --tr31, --tr34, --rsa-oaep and --cli-input-json, found"
                    + " \(asked.isEmpty ? "none" : asked.map { "--\($0)" }.joined(separator: " and "))")
        }
        return transport
    }

    /// Refuses what belongs to another form, and misses what this one needs.
    func check(for transport: KeyTransport) throws {
        let own: [(option: String, isGiven: Bool, owner: KeyTransport, isNeeded: Bool)] = [
            ("--under", under != nil, .tr31, true), ("--krd-certificate", receiverCertificate != nil, .tr34, true),
            ("--nonce", nonce != nil, .tr34, false), ("--certificate", certificate != nil, .rsaOAEP, true),
        ]
        for option in own {
            if option.isGiven, option.owner != transport {
                throw ValidationError("\(option.option) belongs to --\(option.owner)")
            }
            if option.isNeeded, option.owner == transport, !option.isGiven {
                throw ValidationError("--\(transport) needs \(option.option)")
            }
        }
        try publicKey.check(for: transport)
    }

    /// Whether nothing was typed but what a request leaves open: which revocation lists there are.
    var isOpenToRequest: Bool {
        !isKeyBlock && !isToken && !isCryptogram && under == nil && receiverCertificate == nil && nonce == nil
            && certificate == nil && publicKey.receiverAuthority == nil && publicKey.authority == nil
            && publicKey.signingKey == nil && publicKey.exportToken == nil && publicKey.hash == nil
    }

    /// The way out, with its certificates and lists read.
    func route(keyring: Keyring) throws -> ExportRoute {
        switch try transport() {
        case .tr31:
            guard let under else { throw ValidationError("--tr31 needs --under") }
            return .keyBlock(under: under)
        case .tr34:
            var route = TokenRoute(
                to: try CertificateFile(receiverCertificate ?? "").leaf(),
                trust: try publicKey.trust(for: .tr34, keyring: keyring), signer: try publicKey.signer())
            route.nonce = nonce
            return .token(route)
        case .rsaOAEP:
            return .cryptogram(
                CryptogramRoute(
                    to: try CertificateFile(certificate ?? "").leaf(),
                    trust: try publicKey.trust(for: .rsaOAEP, keyring: keyring), hash: publicKey.hash ?? .sha256))
        }
    }
}
