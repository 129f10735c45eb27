import CPKCS11
import Foundation
import Testing

@testable import TokenEngine

/// One login per token and process, and no PIN tried twice.
@Suite(.enabled(if: TokenServer.kind == "softhsm", "needs tokens of its own"))
struct LoginTests {
    let uri: TokenURI

    init() throws {
        uri = try TokenServer.uri.get()
    }

    @Test func aWrongPINIsTriedOnce() throws {
        let test = TestVault(typed: "0000-0000")
        let wrong = try uri.on(token: "WRONG").without(.pinSource)
        let vault = test.makeVault()
        for _ in 0..<3 {
            #expect { try vault.openToken(wrong) } throws: {
                guard case .pinRefused(_, "it is wrong") = $0 as? TokenError else { return false }
                return (($0 as? TokenError)?.category == .refused)
            }
        }
        #expect(test.questions.count == 1)
        // Not even the right one, and not by another vault.
        #expect(throws: TokenError.self) { try TestVault().makeVault().openToken(uri.on(token: "WRONG")) }
    }

    @Test func aPINThatIsTypedOpensTheTokenForAllOfTheProcess() throws {
        let file = try #require(uri.pinSource).replacing("file:", with: "")
        let test = TestVault(typed: try String(contentsOfFile: file, encoding: .utf8))
        let asking = try uri.on(token: "SECRET").without(.pinSource)
        _ = try test.makeVault().openToken(asking)
        _ = try test.makeVault().openToken(asking)
        #expect(test.questions == ["SECRET"])
    }

    @Test func nothingTypedIsNoPIN() throws {
        let asking = try uri.on(token: "EMPTY").without(.pinSource)
        #expect(throws: TokenError.pinSource(.notTyped)) { try TestVault(typed: "").makeVault().openToken(asking) }
    }

    @Test func noTokenMatches() throws {
        let absent = try uri.on(token: "ABSENT")
        #expect { try TestVault().makeVault().openToken(absent) } throws: {
            guard case .tokenMissing(_, let found) = $0 as? TokenError else { return false }
            return found.contains { $0.hasPrefix("TEST (serial ") }
        }
    }

    @Test func twoTokensMatch() throws {
        let both = try uri.on(token: "TWIN")
        #expect { try TestVault().makeVault().openToken(both) } throws: {
            guard case .severalTokens(_, let found) = $0 as? TokenError else { return false }
            return found.count == 2 && ($0 as? TokenError)?.category == .badInput
        }
        let module = try TokenModule.load(for: uri)
        for serial in try module.serials(of: both) {
            #expect(try module.token(for: both.with(.serial, serial)).information().serial == serial)
        }
    }

    @Test(arguments: [
        ("manufacturer", "SoftHSM project", true), ("model", "SoftHSM v2", true), ("library-version", "2.6", true),
        ("library-manufacturer", "SoftHSM", true), ("slot-description", "a slot", false),
        ("model", "softhsm v2", false),
        ("library-version", "2.7", false), ("library-description", "another", false), ("slot-id", "0", false),
    ])
    func everyAttributeHasToMatch(attribute: String, value: String, isMatch: Bool) throws {
        let attribute = try #require(TokenURI.Attribute(rawValue: attribute))
        let module = try TokenModule.load(for: uri)
        let found = (try? module.token(for: uri.with(attribute, value))) != nil
        #expect(found == isMatch)
    }

    @Test func aTokenDescribesItselfWithoutALogin() throws {
        let facts = try TokenFacts(uri.on(token: "EMPTY"))
        #expect(facts.label == "EMPTY" && facts.model == "SoftHSM v2" && facts.firmware == "2.6" && facts.hasColumns)
        #expect(facts.findings == [])
    }
}

extension TokenModule {
    /// The serial numbers of the tokens that a URI means.
    func serials(of uri: TokenURI) throws -> [String] {
        do throws(TokenError) {
            return [try token(for: uri).information().serial]
        } catch {
            guard case .severalTokens(_, let found) = error else { throw error }
            return found.compactMap { $0.firstMatch(of: /\(serial (.*)\)/).map { String($0.1) } }
        }
    }
}
