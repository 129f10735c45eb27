import Dispatch
import Foundation
import PaymentCrypto
import Synchronization
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
        let text = "what is signed"
        try Data(text.utf8).write(to: file("text"))
        let key = try vault.signingKey(uri.with("object=kdh;type=private"))
        let signature = try key.sign(Array(text.utf8))
        #expect(signature.count == 256)
        try Data(signature).write(to: file("signature"))
        #expect(
            try openSSL("dgst", "-sha256", "-verify", path("public"), "-signature", path("signature"), path("text"))
                == "Verified OK\n")
    }

    @Test func onlyAPrivateRSAKeySigns() throws {
        try importKey(label: "other-kdh", id: "0B")
        #expect(throws: TokenError.wrongType(expected: "private", found: "secret-key")) {
            try vault.signingKey(uri.with("object=other-kdh;type=secret-key"))
        }
        #expect { try vault.signingKey(uri.with("object=nobody")) } throws: {
            ($0 as? TokenError)?.category == .missing
        }
        let pinned = try vault.pinnedSigningKey(uri.with("object=other-kdh"))
        #expect(pinned.type == .privateKey && pinned.id == [0x0B])
    }

    @Test func workersShareAKey() throws {
        try importKey(label: "shared-kdh", id: "0C")
        let key = try vault.signingKey(uri.with("object=shared-kdh"))
        let good = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 32) { number in
            let message = Array("message \(number)".utf8)
            guard let signature = try? key.sign(message), (try? key.publicKey.verifies(signature, of: message)) == true
            else { return }
            good.withLock { $0 += 1 }
        }
        #expect(good.withLock { $0 } == 32)
    }

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

    private func openSSL(_ arguments: String...) throws -> String {
        try TokenServer.run(URL(filePath: "/usr/bin/openssl"), arguments)
    }

    private func file(_ name: String) -> URL { folder.appending(path: name) }

    private func path(_ name: String) -> String { file(name).path }
}
