import Foundation
import Testing

@testable import TokenEngine

/// RSA keys in a token sign, and OpenSSL finds the signature good.
@Suite(.enabled(if: TokenServer.kind == "softhsm", "imports its key with softhsm2-util"))
struct SigningTests {
    let uri: TokenURI
    let folder: URL
    let vault = TestVault().makeVault()

    init() throws {
        uri = try TokenServer.uri.get()
        folder = try TokenServer.temporaryFolder()
    }

    @Test func openSSLVerifiesTheSignature() throws {
        try importKey(label: "kdh", id: "0A")
        let digest = try digest(of: "what is signed")
        let signature = try vault.sign(Self.sha256Prefix + digest, with: uri.with("object=kdh;type=private"))
        #expect(signature.count == 256)
        try Data(signature).write(to: file("signature"))
        #expect(
            try openSSL("dgst", "-sha256", "-verify", path("public"), "-signature", path("signature"), path("text"))
                == "Verified OK\n")
    }

    @Test func onlyAPrivateRSAKeySigns() throws {
        try importKey(label: "other-kdh", id: "0B")
        #expect(throws: TokenError.wrongType(expected: "private", found: "secret-key")) {
            try vault.sign([0], with: uri.with("object=other-kdh;type=secret-key"))
        }
        #expect { try vault.sign([0], with: uri.with("object=nobody")) } throws: {
            ($0 as? TokenError)?.category == .missing
        }
        // A call that fails does not end the login.
        #expect { try vault.sign([UInt8](repeating: 0, count: 300), with: uri.with("object=other-kdh")) } throws: {
            $0 is TokenError
        }
        #expect(try vault.sign([0], with: uri.with("object=other-kdh")).count == 256)
    }

    /// The DER of a DigestInfo with SHA-256 (RFC 8017, 9.2, note 1).
    private static let sha256Prefix: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]

    private func importKey(label: String, id: String) throws {
        _ = try openSSL("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path("private"))
        _ = try openSSL("pkey", "-in", path("private"), "-pubout", "-out", path("public"))
        let source = try #require(uri.pinSource).replacing("file:", with: "")
        let pin = try String(contentsOfFile: source, encoding: .utf8)
        _ = try TokenServer.run(
            URL(filePath: "/usr/bin/softhsm2-util"),
            [
                "--import", path("private"), "--token", try #require(uri.token), "--label", label, "--id", id,
                "--pin", pin,
            ])
    }

    private func digest(of text: String) throws -> [UInt8] {
        try Data(text.utf8).write(to: file("text"))
        _ = try openSSL("dgst", "-sha256", "-binary", "-out", path("digest"), path("text"))
        return Array(try Data(contentsOf: file("digest")))
    }

    private func openSSL(_ arguments: String...) throws -> String {
        try TokenServer.run(URL(filePath: "/usr/bin/openssl"), arguments)
    }

    private func file(_ name: String) -> URL { folder.appending(path: name) }

    private func path(_ name: String) -> String { file(name).path }
}
