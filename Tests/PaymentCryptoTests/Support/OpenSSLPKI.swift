import PaymentCrypto
import Testing

/// Certificates that the `openssl` command makes: forms that this project never writes, good and bad.
///
/// The keys are those of the vectors: RSA-3072 for the root, RSA-2048 for everybody else unless said otherwise.
struct OpenSSLPKI {
    let openssl: OpenSSLCommand
    let root: Certificate

    static let authority = ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign,cRLSign"]
    static let receiver = ["basicConstraints=critical,CA:false", "keyUsage=critical,keyEncipherment"]
    static let signer = ["basicConstraints=critical,CA:false", "keyUsage=critical,digitalSignature"]

    init(rootExtensions: [String] = authority, options: [String] = ["-sha256"]) throws {
        openssl = try OpenSSLCommand()
        let rows: [RSAVectorKey] = try VectorFile.own("rsa-keys.json").rows()
        for row in rows { try openssl.write(row.privateKeyPEM(), to: "\(row.bits).key") }
        try openssl.write(rootExtensions.joined(separator: "\n"), to: "root.ext")
        try openssl.run("req", "-new", "-key", "3072.key", "-subj", "/O=Test/CN=Root", "-out", "root.csr")
        try openssl.run(
            ["x509", "-req", "-in", "root.csr", "-signkey", "3072.key", "-days", "100", "-extfile", "root.ext"]
                + options + ["-out", "root.pem"])
        root = try #require(Certificate.bundle(openssl.read("root.pem")).first)
    }

    /// A time at which everything made here is valid.
    var now: Moment { Moment(secondsSince1970: root.notBefore.secondsSince1970 + 86400) }

    /// A certificate under `issuer`, the name of another one or `root`; kept as `name`.pem.
    @discardableResult
    func issue(
        _ name: String, key: String = "2048", by issuer: String = "root", issuerKey: String = "3072",
        _ extensions: [String] = receiver, options: [String] = ["-sha256"], subject: String? = nil
    ) throws -> Certificate {
        try issueFile(name, key, issuer, issuerKey, extensions, options, subject ?? "/O=Test/CN=\(name)")
        return try #require(Certificate.bundle(openssl.read("\(name).pem")).first)
    }

    func issueFile(
        _ name: String, _ key: String, _ issuer: String, _ issuerKey: String, _ extensions: [String],
        _ options: [String], _ subject: String
    ) throws {
        try openssl.write(extensions.joined(separator: "\n"), to: "\(name).ext")
        try openssl.run("req", "-new", "-key", "\(key).key", "-subj", subject, "-utf8", "-out", "\(name).csr")
        try openssl.run(
            ["x509", "-req", "-in", "\(name).csr", "-CA", "\(issuer).pem", "-CAkey", "\(issuerKey).key"]
                + ["-CAcreateserial", "-days", "90", "-extfile", "\(name).ext"] + options + ["-out", "\(name).pem"])
    }

    /// A revocation list of `issuer` with these certificates, all by name.
    func revocationList(
        _ issuer: String = "root", key: String = "3072", revoked: [String] = [], extensions: String = "",
        hash: String = "sha256"
    ) throws -> CertificateRevocationList {
        try openssl.write("", to: "\(issuer).db")
        try openssl.write("01", to: "\(issuer).number")
        try openssl.write(
            """
            [ca]
            default_ca=d
            [d]
            database=\(issuer).db
            crlnumber=\(issuer).number
            default_md=\(hash)
            default_crl_days=10
            crl_extensions=e
            [e]
            authorityKeyIdentifier=keyid
            \(extensions)
            """, to: "\(issuer).cnf")
        let command = ["ca", "-config", "\(issuer).cnf", "-cert", "\(issuer).pem", "-keyfile", "\(key).key"]
        for name in revoked {
            try openssl.run(command + ["-revoke", "\(name).pem", "-crl_reason", "keyCompromise"])
        }
        try openssl.run(command + ["-gencrl", "-out", "\(issuer).crl"])
        return try #require(CertificateRevocationList.read(openssl.read("\(issuer).crl")).first)
    }

    func validator(
        anchors: [Certificate]? = nil, intermediates: [Certificate] = [],
        revocation: CertificateValidator.Revocation = .unchecked, purpose: CertificatePurpose = .keyReceiving,
        requiresKeyUsage: Bool = true, minimum: RSAKeySize = .rsa2048
    ) throws -> CertificateValidator {
        try CertificateValidator(
            anchors: anchors ?? [root], intermediates: intermediates, revocation: revocation, purpose: purpose,
            requiresKeyUsage: requiresKeyUsage, at: now, minimum: minimum)
    }
}
