import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// A key that came for a public key of this site: in a TR-34 token, or as a cryptogram.
struct ReceiveOptions: ParsableArguments {
    @Option(
        name: .customLong("tr34"),
        help: "A file with a TR-34 token: hexadecimal, DER, PEM, or as AWS writes it in JSON; - for standard input.")
    var token: String?

    @Option(
        name: .customLong("rsa-oaep"),
        help: "A file with a key cryptogram in hexadecimal, or as AWS writes it in JSON; - for standard input.")
    var cryptogram: String?

    @Option(
        name: .customLong("private-key"), help: "The RSA key of the keyring that receives.",
        transform: Arguments.keyName)
    var privateKey: KeyName?

    @Option(
        name: .customLong("import-token"), help: "The exchange whose RSA key receives.", transform: Arguments.keyName)
    var importToken: KeyName?

    @Option(name: .customLong("kdh-certificate"), help: "TR-34: a file with the sender's certificate.")
    var senderCertificate: String?

    @Option(
        name: .customLong("kdh-ca"),
        help:
            "TR-34: an enrolled anchor, or a PEM file with the root of the sender's certificate and its intermediates."
    )
    var senderAuthority: String?

    @Option(
        name: .customLong("kdh-crl"),
        help: "TR-34: a file with the revocation list of that authority (default: the one in the token).")
    var senderRevocationList: String?

    @Flag(name: .customLong("no-crl"), help: "TR-34: look at no revocation list; recorded.")
    var isRevocationUnchecked = false

    @Option(
        help: "TR-34: the nonce that the sender was given; a token with one needs it, one without refuses it.",
        transform: Arguments.tokenNonce)
    var nonce: TR34Nonce?

    @Option(name: .customLong("hash"), help: "RSA-OAEP: sha256 or sha512 (default: sha256).", transform: Arguments.hash)
    var hash: OAEPHash?

    var isEmpty: Bool {
        token == nil && cryptogram == nil && privateKey == nil && importToken == nil && describesNoToken && hash == nil
    }

    /// Whether nothing was typed that only a token has.
    private var describesNoToken: Bool {
        senderCertificate == nil && senderAuthority == nil && senderRevocationList == nil && !isRevocationUnchecked
            && nonce == nil
    }

    func checkToken() throws {
        try checkKey("--tr34")
        guard senderCertificate != nil else { throw ValidationError("--tr34 needs --kdh-certificate") }
        guard senderAuthority != nil else { throw ValidationError("--tr34 needs --kdh-ca") }
        guard hash == nil else { throw ValidationError("--hash belongs to --rsa-oaep") }
        guard senderRevocationList == nil || !isRevocationUnchecked else {
            throw ValidationError("expected --kdh-crl or --no-crl, found both")
        }
    }

    func checkCryptogram() throws {
        try checkKey("--rsa-oaep")
        guard describesNoToken else {
            throw ValidationError("--kdh-certificate, --kdh-ca, --kdh-crl, --no-crl and --nonce belong to --tr34")
        }
    }

    private func checkKey(_ form: String) throws {
        guard (privateKey == nil) != (importToken == nil) else {
            throw ValidationError(
                "\(form) needs --private-key or --import-token, found \(privateKey == nil ? "neither" : "both")")
        }
    }

    /// The key that receives, fit to do so at this time.
    func entry(in keyring: Keyring, at time: Moment) throws -> RSAKeyEntry {
        if let importToken {
            return try keyring.exchange(importToken, .import, token == nil ? .cryptogram : .tr34, at: time)
        }
        guard let privateKey else { throw ValidationError("expected --private-key or --import-token") }
        let entry = try keyring.rsaKey(privateKey)
        try entry.check(.keyTransport, at: time)
        return entry
    }
}
