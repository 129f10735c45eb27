import Foundation
import PaymentCrypto
import Testing

@testable import TokenEngine

/// A token whose connection is cut; a process of its own, since nothing brings it back.
@Suite(.enabled(if: TokenServer.kind == "p11-kit-gone", "runs as a child of TokenServerTests"))
struct RemoteTests {
    @Test func aTokenThatIsCutOffIsUnavailable() throws {
        let uri = try TokenServer.uri.get()
        let vault = TestVault().makeVault()
        let stored = try vault.store(SymmetricKey.random(.aes128), as: .baseDerivation, at: uri.with("object=bdk"))
        let source = try vault.baseKey(stored.uri, variant: nil, algorithm: .aes128)
        let number = try KeySerialNumber("123456789012345600000000", family: .aes).initial
        _ = try source.initialKey(for: number)
        // The server answers each client with a process of its own.
        let server = try #require(ProcessInfo.processInfo.environment["P11_KIT_SERVER_PID"])
        _ = try? TokenServer.run(URL(filePath: "/usr/bin/env"), ["pkill", "-KILL", "-P", server])
        #expect { _ = try source.initialKey(for: number) } throws: {
            guard let error = $0 as? EngineError, case .tokenUnavailable = error.kind else { return false }
            return true
        }
        #expect { try vault.describeKey(stored.uri) } throws: { ($0 as? TokenError)?.category == .unavailable }
    }
}
