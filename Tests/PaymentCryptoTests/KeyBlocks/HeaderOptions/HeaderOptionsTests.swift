import Testing

@testable import PaymentCrypto

@Suite("Header options over a profile")
struct HeaderOptionsTests {
    @Test("what the options say counts, and of the rest what the profile says")
    func overriding() throws {
        var profile = HeaderOptions()
        profile.modeOfUse = .deriveKeys
        profile.exportability = .sensitive
        profile.allowsExportable = true
        profile.keyVersion = KeyVersionNumber("01")
        profile.keyBlockVersion = .d
        profile.serialNumberBlock = false
        profile.lengthObfuscation = false
        profile.optionalBlocks = try Self.blocks(["LB=a", "42=b", "KC"])
        #expect(HeaderOptions().overriding(profile) == profile)
        #expect(profile.overriding(HeaderOptions()) == profile)

        var options = HeaderOptions()
        options.exportability = Exportability.none
        options.keyVersion = KeyVersionNumber("02")
        options.lengthObfuscation = true
        options.optionalBlocks = try Self.blocks(["TS", "42=c"])
        let merged = options.overriding(profile)
        #expect(merged.modeOfUse == .deriveKeys)
        #expect(merged.exportability == Exportability.none)
        #expect(merged.allowsExportable)
        #expect(merged.keyVersion?.description == "02")
        #expect(merged.keyBlockVersion == .d)
        #expect(merged.serialNumberBlock == false)
        #expect(merged.obfuscatesLength)
        #expect(merged.optionalBlocks.map(\.description) == ["LB=a", "42=c", "KC", "TS"])
    }

    @Test("an option is written as it was read", arguments: ["LB=till {device_id}!", "42=", "KC", "TS", "42=a=b"])
    func description(argument: String) throws {
        #expect(try OptionalBlockOption(argument: argument).description == argument)
    }

    @Test("whether anything is asked for")
    func isEmpty() {
        #expect(HeaderOptions().isEmpty)
        var options = HeaderOptions()
        options.lengthObfuscation = true
        #expect(!options.isEmpty)
    }

    @Test(
        "what no key block can have is refused before it is kept",
        arguments: [
            (["LB=a", "LB=b"], HeaderOptionError.duplicate(.label)),
            (["KS=FFFF9876543210E00000"], .serialNumberBlock(.keySerialNumber)),
            (["WP=9"], .unfit("optional block WP: expected 00 and a digit from 0 to 3, found '9'")),
        ])
    func check(blocks: [String], error: HeaderOptionError) throws {
        var options = HeaderOptions()
        options.optionalBlocks = try Self.blocks(blocks)
        #expect(throws: error) { try options.check() }
        options.optionalBlocks = try Self.blocks(["LB={device_id}", "KC", "WP=000", "BI=00FFFF987654"])
        try options.check()
    }

    private static func blocks(_ arguments: [String]) throws -> [OptionalBlockOption] {
        try arguments.map { try OptionalBlockOption(argument: $0) }
    }
}
