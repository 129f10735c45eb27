import Facility
import PaymentCrypto
import Testing

@testable import Provisioning

/// Single exports with keys in a token, by the interface that a token comes through.
@Suite("Keys in a token and single exports")
struct KeyExportTests {
    static let serialNumber = "FFFF9876543210E00000"

    @Test("one device's initial key leaves, with both keys in a token")
    func initialKey() throws {
        let fixture = try RunFixture()
        let tokens = try Self.attach(to: fixture)
        var options = KeyExportOptions(key: try RunFixture.name("token-bdk"), under: try RunFixture.name("token-kek"))
        options.serialNumber = Self.serialNumber
        let export = try KeyExport(options, keyring: try fixture.keyring, profiles: HeaderProfiles())
        let exported = try export.perform(in: fixture.site, tokens: tokens)
        let isHeld = try fixture.holds(exported.keyBlock, bdk: "acme", kbpk: "wrap", ksn: Self.serialNumber)
        #expect(isHeld)
        // A key of the keyring leaves under a key in a token, too.
        try Self.addExportable("leaves", to: fixture)
        let other = KeyExportOptions(key: try RunFixture.name("leaves"), under: try RunFixture.name("token-kek"))
        let text = try KeyExport(other, keyring: try fixture.keyring, profiles: HeaderProfiles())
            .perform(in: fixture.site, tokens: tokens).keyBlock
        let wrapping = try fixture.site.key(named: try RunFixture.name("wrap"), for: .wrapping)
        let header = try KeyBlock.open(text, under: wrapping).header
        #expect((header.keyUsage, header.exportability) == (.pinEncryption, .trusted))
    }

    @Test("a key in a token stays there, and a retired one where it is")
    func refusals() throws {
        let fixture = try RunFixture()
        _ = try Self.attach(to: fixture)
        let (token, wrap) = (try RunFixture.name("token-kek"), try RunFixture.name("wrap"))
        #expect(throws: FacilityError.keyInToken(token)) {
            try KeyExport(.init(key: token, under: wrap), keyring: try fixture.keyring, profiles: HeaderProfiles())
        }
        try Self.addExportable("leaves", to: fixture)
        let leaves = try RunFixture.name("leaves")
        var event = AuditEvent("key retire")
        _ = try fixture.site.annotate(leaves, recording: &event) { $0.retirement = Retirement(reason: "worn out") }
        #expect {
            try KeyExport(.init(key: leaves, under: wrap), keyring: try fixture.keyring, profiles: HeaderProfiles())
        } throws: { error in
            guard case .role(let refusal)? = error as? FacilityError else { return false }
            return refusal.expected == .inUse
        }
    }

    private static func addExportable(_ name: String, to fixture: RunFixture) throws {
        let header = KeyBlockHeader(
            version: .d, keyUsage: .pinEncryption, algorithm: .tdea, exportability: .trusted)
        let new = UnlockedSite.NewKey(name: try RunFixture.name(name), header: header, origin: "a test")
        var event = AuditEvent("key import")
        _ = try fixture.site.add(try SymmetricKey.random(.tdes2Key), as: new, recording: &event)
    }

    /// Registers `token-bdk` and `token-kek`, which are `acme` and `wrap` behind a token's interface.
    private static func attach(to fixture: RunFixture) throws -> StandIn {
        for (name, original) in [("token-bdk", "acme"), ("token-kek", "wrap")] {
            let entry = try fixture.keyring.entry(try RunFixture.name(original))
            let isBase = entry.header.keyUsage == .baseDerivationKey
            var header = entry.header
            header.exportability = .sensitive
            let checkValue =
                isBase
                ? try fixture.site.baseKey(entry, tokens: NoTokens()).checkValue()
                : try fixture.site.protection(entry, for: .wrapping, tokens: NoTokens()).checkValue()
            var event = AuditEvent("key attach")
            _ = try fixture.site.attach(
                .init(name: try RunFixture.name(name), header: header, origin: "a test"),
                at: TokenLocation(uri: "pkcs11:object=\(original)"), algorithm: entry.algorithm,
                checkValue: checkValue, fingerprint: isBase ? entry.fingerprint : nil, recording: &event)
        }
        return StandIn(
            base: try fixture.site.baseKey(
                try fixture.keyring.entry(try RunFixture.name("acme")), tokens: NoTokens()),
            wrapping: try fixture.site.protection(
                try fixture.keyring.entry(try RunFixture.name("wrap")), for: .wrapping, tokens: NoTokens()))
    }

    /// Gives out keys that it was given.
    private struct StandIn: TokenKeys {
        let base: BaseKeySource
        let wrapping: KeyBlockProtection

        func prepare(_ entry: KeyringEntry, at location: TokenLocation) {}

        func baseKey(_ entry: KeyringEntry, at location: TokenLocation) throws -> BaseKeySource { base }

        func protection(_ entry: KeyringEntry, at location: TokenLocation) throws -> KeyBlockProtection { wrapping }

        func signingKey(_ entry: RSAKeyEntry, at uri: String) throws -> SigningKey {
            try NoTokens().signingKey(entry, at: uri)
        }
    }
}
