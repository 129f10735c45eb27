import Testing

@testable import PaymentCrypto

/// What people read: where, expected and found.
@Suite struct KeyBlockMessageTests {
    /// A version B block of an initial key, cut to its header and given what a case needs.
    private static let body = String(repeating: "0", count: 80)

    @Test(arguments: [
        ("", "expected a key block of 16 to 9999 characters, found 0"),
        ("B0096B1TX00N000\u{7}" + body, "expected printable ASCII, found something else at character 16"),
        ("B0096B1TX00N0000" + body + "\n", "expected printable ASCII, found something else at character 97"),
        ("F0096B1TX00N0000" + body, "version: expected A, B, C, D or E, found 'F'"),
        ("B 096B1TX00N0000" + body, "length: expected 4 decimal digits, found ' 096'"),
        ("B0120B1TX00N0000" + body, "the header says 120 characters, found 96"),
        ("B0096B1TQ00N0000" + body, "mode of use: expected B, C, D, E, G, N, S, T, V, X or Y, found 'Q'"),
        ("B0096B1TX0 N0000" + body, "key version: expected 2 letters or digits, found '0 '"),
        ("B0096B1TX00N0030" + body, "key context: expected 0, 1 or 2, found '3'"),
        (
            "B0096B1TX00N0100" + body,
            "optional block 1: expected a length in upper-case hexadecimal, found an extended one of '00' characters"
        ),
        (
            "B0104B1TX00N0100**08ABCD" + body,
            "optional block 1: expected an identifier of 2 letters or digits, found '**'"
        ),
        (
            "B0104B1TX00N0100LB0aABCD" + body,
            "optional block 1: expected a length in upper-case hexadecimal, found '0a'"
        ),
        ("B0104B1TX00N0100LBFFABCD" + body, "optional block 1: expected at most 88 characters, its length says 255"),
        ("B0112B1TX00N0200LB08ABCDLB08ABCD" + body, "optional block LB: expected once, found twice"),
        (
            "B0112B1TX00N0200PB08ABCDLB08ABCD" + body,
            "optional block PB: expected as the last one, found another behind it"
        ),
        ("B0103B1TX00N0100LB07ABC" + body, "optional blocks: expected a multiple of 8 characters, found 7"),
        ("B0032B1TX00N0000" + body.prefix(16), "encrypted key: expected a multiple of 16 characters, found 0"),
        (
            "B0096B1TX00N0000" + body.dropLast() + "G",
            "expected a hexadecimal digit at character 96, found something else"
        ),
    ])
    func textFaults(text: String, message: String) {
        #expect(throws: KeyBlockError.self) { try UnverifiedKeyBlock(text) }
        do {
            _ = try UnverifiedKeyBlock(text)
        } catch {
            #expect(error.description == message)
        }
    }

    @Test(arguments: [
        ("212", "optional block KS: expected with a TDES key of usage B1, found with a key of usage B1, algorithm A"),
        ("214", "optional block KS: expected 20 hexadecimal digits, found 16"),
        ("202", "optional block PB: expected no padding, found 8 characters"),
        ("203", "optional block PB: expected 8 characters, found 24 characters"),
        (
            "207",
            "optional block LB: expected an extended length that begins with 0004, found 0002, which counts bytes"
        ),
        ("226", "optional block BI: expected type 00 or 01, found '02'"),
        ("231", "optional block KC: expected the check value 798695, found 198695"),
        ("236", "optional block KP: expected the check value 2B1A52, found 2E1A52"),
        (
            "253",
            "optional block TS: expected a time such as 20260301120000Z or 2026-03-01T12:00:00Z, found '20261301120000Z'"
        ),
        ("264", "mode of use: expected X for key usage B1, found E"),
        ("268", "key usage: expected one of X9.143, found Z9"),
        ("272", "reserved: expected 0, found '1'"),
        ("283", "expected a TDES key of 16 or 24 bytes, found 8"),
        ("289", "the block says that its TDES key has 127 bits, which cannot be"),
        ("329", "expected a TDES initial key of 16 bytes, found 24"),
    ])
    func contentFaults(row: String, message: String) throws {
        let rows: [KeyBlockNegativeVectorTests.Row] = try VectorFile.own("tr31-negative.json").rows()
        let row = try #require(rows.first { $0.id.hasSuffix(row) })
        let isTDES = "ABC".contains(row.keyBlock.prefix(1))
        guard let kbpk = SymmetricKey(row.kbpk, isTDES: isTDES) else {
            Issue.record("no protection key")
            return
        }
        do {
            _ = try KeyBlock.open(row.keyBlock, under: kbpk)
            Issue.record("\(row.id) was opened")
        } catch {
            #expect(error.description == message)
        }
    }

    /// A rule is broken, and the authenticator is wrong: the second is what counts.
    @Test func theAuthenticatorIsCheckedBeforeTheRules() throws {
        let rows: [KeyBlockNegativeVectorTests.Row] = try VectorFile.own("tr31-negative.json").rows()
        let other = try SymmetricKey.random(.tdes2Key)
        let broken = rows.filter {
            $0.stage == "semantic" && $0.keyBlock.hasPrefix("B") && $0.expect == "reject-strict"
        }
        #expect(broken.count > 20)
        for row in broken where (try? UnverifiedKeyBlock(row.keyBlock)) != nil {
            do {
                _ = try KeyBlock.open(row.keyBlock, under: other)
                Issue.record("\(row.id) was opened")
            } catch {
                #expect(error == .wrongKeyOrAltered, "\(row.id)")
            }
        }
    }

    @Test func theProtectionKeyMustSuitTheVersion() throws {
        let aes = try SymmetricKey.random(.aes128)
        do {
            _ = try KeyBlock.open("B0096B1TX00N0000" + Self.body, under: aes)
            Issue.record("opened")
        } catch {
            #expect(error == .unsuitableProtectionKey(version: .b, found: .aes128))
            #expect(error.description == "a version B block is protected by a TDES key, found AES-128")
        }
    }

    @Test func onlyTDESAndAESKeysAreTaken() throws {
        let rows: [KeyBlockVectorTests.Row] = try VectorFile.own("tr31.json").rows()
        let row = try #require(rows.first { $0.header.algorithm == "H" })
        guard let kbpk = SymmetricKey(row.kbpk, isTDES: false) else { return }
        let opened = try KeyBlock.open(row.keyBlock, under: kbpk)
        let (algorithm, count) = (opened.keyAlgorithm, opened.keyByteCount)
        #expect(algorithm == nil && count == row.key.count / 2)
        do {
            _ = try opened.takeKey()
            Issue.record("taken")
        } catch {
            #expect(error == .notSymmetricKey(algorithm: .hmac, byteCount: row.key.count / 2))
        }
    }
}
