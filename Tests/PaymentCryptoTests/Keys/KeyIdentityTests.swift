import Testing

@testable import PaymentCrypto

@Suite("Fingerprints and published test keys")
struct KeyIdentityTests {
    /// Computed with `openssl enc` over the blocks that the source names.
    @Test(
        "fingerprints",
        arguments: [
            ("0123456789ABCDEFFEDCBA9876543210", true, "D76CD460D98C5B8EA77771105FC07B79"),
            ("0123456789ABCDEFFEDCBA98765432100123456789ABCDEF", true, "D76CD460D98C5B8EA77771105FC07B79"),
            ("FEDCBA9876543210F1F1F1F1F1F1F1F1", false, "786E0F7649D055400B9FC80EBB1541D6"),
        ])
    func fingerprint(key: String, isTDES: Bool, expected: String) throws {
        let fingerprint = try KeyFingerprint(try testKey(key, isTDES))
        #expect(fingerprint.description == expected)
        #expect(KeyFingerprint(expected) == fingerprint)
        #expect(KeyFingerprint(expected.dropLast(2)) == nil)
    }

    @Test(
        "published test keys are known, whatever their parity and form",
        arguments: [
            ("0123456789ABCDEFFEDCBA9876543210", true), ("0022446688AACCEEFFDDBB9977553311", true),
            ("0123456789ABCDEFFEDCBA98765432100123456789ABCDEF", true), ("0123456789ABCDEFFEDCBA9876543210", false),
            ("FEDCBA9876543210F1F1F1F1F1F1F1F1", false),
            ("FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1", false),
            ("B8ED59E0A279A295E9F5ED7944FD06B9", true), ("11111111111111111111111111111111", true),
            ("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6", false),
        ])
    func published(key: String, isTDES: Bool) throws {
        let isPublished = PublishedTestKeys.contains(try testKey(key, isTDES))
        #expect(isPublished)
    }

    @Test("other keys are not", arguments: KeyAlgorithm.allCases)
    func unpublished(algorithm: KeyAlgorithm) throws {
        let isPublished = PublishedTestKeys.contains(try SymmetricKey.random(algorithm))
        #expect(!isPublished)
    }

    private struct NoKey: Error {}

    private func testKey(_ text: String, _ isTDES: Bool) throws -> SymmetricKey {
        guard let key = SymmetricKey(text, isTDES: isTDES) else { throw NoKey() }
        return key
    }
}
