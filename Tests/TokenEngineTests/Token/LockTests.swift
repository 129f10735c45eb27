import CPKCS11
import Testing

@testable import TokenEngine

/// A token that counts wrong PINs and locks itself; a process of its own, since it spoils the token.
@Suite(.enabled(if: TokenServer.kind == "opencryptoki-lock", "runs as a child of TokenServerTests"))
struct LockTests {
    @Test func wrongPINsAreToldUntilTheTokenIsLocked() throws {
        let uri = try TokenServer.uri.get()
        let test = TestVault()
        let module = try TokenModule.load(for: uri)
        #expect(try TokenFacts(uri).findings == [])
        var findings: [[String]] = []
        for _ in 0..<6 {
            try logInWrongly(module.token(for: uri))
            findings.append(try TokenFacts(uri).findings)
        }
        let name = try module.token(for: uri).name
        #expect(findings.first == ["token '\(name)': a wrong PIN was given since the last login"])
        #expect(findings.contains(["token '\(name)': one more wrong PIN locks it"]))
        #expect(findings.last == ["token '\(name)': the user PIN is locked"])
        #expect(throws: TokenError.pinLocked(token: name)) { try test.makeVault().openToken(uri) }
        #expect(TokenError.pinLocked(token: name).category == .refused)
    }

    /// Past the rule that a process tries one PIN only.
    private func logInWrongly(_ token: Token) throws {
        #expect(throws: CallFailure.self) {
            try token.call { session throws(CallFailure) in
                var pin = Array("00000000".utf8)
                try token.module.call("C_Login") {
                    $0.pointee.C_Login?(session, CK_USER_TYPE(CKU_USER), &pin, CK_ULONG(pin.count))
                }
            }
        }
    }
}
