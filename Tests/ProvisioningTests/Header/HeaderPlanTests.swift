import PaymentCrypto
import Testing

@testable import Provisioning

@Suite("Headers of initial keys")
struct HeaderPlanTests {
    @Test("without options: usage B1, mode X, version 00, not exportable, with KS or IK")
    func defaults() throws {
        let tdes = try HeaderFixture(.tdes2Key, under: .tdes3Key).make()
        #expect(tdes.text.hasPrefix("B0120B1TX00N0100KS18FFFF9876543210E00000"))
        let aes = try HeaderFixture(.aes128, under: .aes256).make()
        #expect(aes.text.hasPrefix("D0176B1AX00N0200IK14FFFF9876543210E0PB0C"))
    }

    @Test("the form of AWS: S without a KS block")
    func exportableWithoutSerialNumber() throws {
        var fixture = try HeaderFixture(.tdes2Key, under: .tdes2Key)
        fixture.options.exportability = .sensitive
        fixture.options.allowsExportable = true
        fixture.options.serialNumberBlock = false
        let product = try fixture.make()
        #expect(product.text.hasPrefix("B0096B1TX00S0000"))
        #expect(product.text.count == 96)
    }

    /// The table of lengths that AWS, openemv and others print for these key blocks.
    @Test(
        "lengths",
        arguments: [
            (KeyAlgorithm.tdes2Key, KeyAlgorithm.tdes2Key, "", "", true, 96),
            (.tdes2Key, .tdes2Key, "KS", "", true, 120),
            (.tdes2Key, .tdes2Key, "KS", "KC KP", true, 144), (.tdes2Key, .aes128, "KS", "", true, 144),
            (.tdes2Key, .aes128, "KS", "KC KP", true, 176), (.aes128, .aes128, "IK", "", true, 176),
            (.aes192, .aes256, "IK", "", true, 176), (.aes256, .aes256, "IK", "", true, 176),
            (.aes128, .aes128, "IK", "KC KP", true, 208), (.aes256, .aes256, "IK", "KC KP", true, 208),
            (.tdes2Key, .tdes2Key, "KS", "", false, 104), (.aes128, .aes128, "IK", "", false, 144),
        ])
    func lengths(
        algorithm: KeyAlgorithm, wrapping: KeyAlgorithm, serialNumber: String, blocks: String, obfuscated: Bool,
        length: Int
    ) throws {
        var fixture = try HeaderFixture(
            algorithm, under: wrapping, blocks: blocks.split(separator: " ").map(String.init))
        fixture.options.serialNumberBlock = !serialNumber.isEmpty
        fixture.options.lengthObfuscation = obfuscated
        let product = try fixture.make()
        #expect(product.text.count == length)
        #expect(product.identifiers.first ?? "" == serialNumber)
    }

    @Test("version E with AES-128 and no obfuscation has 116 characters")
    func versionE() throws {
        var fixture = try HeaderFixture(.aes128, under: .aes128)
        fixture.options.keyBlockVersion = .e
        fixture.options.lengthObfuscation = false
        let product = try fixture.make()
        #expect(product.text.hasPrefix("E0116B1AX00N0200IK14"))
        #expect(product.text.count == 116)
    }

    // MARK: Optional blocks

    @Test(
        "blocks have their order whatever order they are given in",
        arguments: [
            (KeyAlgorithm.tdes2Key, KeyAlgorithm.tdes3Key, "KS"), (.tdes2Key, .aes128, "KS"), (.aes192, .aes256, "IK"),
        ])
    func order(algorithm: KeyAlgorithm, wrapping: KeyAlgorithm, serialNumber: String) throws {
        let arguments = ["ZZ=last", "LB=till", "42=x", "TS", "WP=000", "KP", "10=y", "KC"]
        let given = try HeaderFixture(algorithm, under: wrapping, blocks: arguments).make()
        let expected = [serialNumber, "KC", "KP", "TS", "LB", "ZZ", "42", "WP", "10"]
        #expect(given.identifiers.filter { $0 != "PB" } == expected)
        #expect(given.identifiers.dropLast().contains("PB") == false)
        // The others come as given.
        let reversed = try HeaderFixture(algorithm, under: wrapping, blocks: arguments.reversed()).make()
        #expect(reversed.identifiers.filter { $0 != "PB" } == expected.prefix(5) + ["10", "WP", "42", "ZZ"])
    }

    @Test("KC, KP and TS are computed")
    func computed() throws {
        let tdes = try HeaderFixture(.tdes2Key, under: .tdes2Key, blocks: ["KC", "KP", "TS"]).make()
        #expect(tdes.keyCheckValue.byteCount == 3)
        #expect(
            Array(tdes.blocks[1...3]) == [
                "KC=00\(tdes.keyCheckValue)", "KP=00\(tdes.wrappingCheckValue)", "TS=20260301120000Z",
            ])
        let mixed = try HeaderFixture(.tdes2Key, under: .aes192, blocks: ["TS", "KP", "KC"]).make()
        #expect(mixed.wrappingCheckValue.byteCount == 5)
        #expect(
            Array(mixed.blocks[1...3]) == [
                "KC=00\(mixed.keyCheckValue)", "KP=01\(mixed.wrappingCheckValue)", "TS=20260301120000Z",
            ])
        let aes = try HeaderFixture(.aes256, under: .aes256, blocks: ["KC", "KP"]).make()
        #expect(
            Array(aes.blocks[1...2]) == ["KC=01\(aes.keyCheckValue)", "KP=01\(aes.wrappingCheckValue)"])
    }

    @Test("a time that is given stays as it is")
    func givenTime() throws {
        let product = try HeaderFixture(.aes128, under: .aes128, blocks: ["TS=2020-02-29T23:59:59Z"]).make()
        #expect(product.blocks[1] == "TS=2020-02-29T23:59:59Z")
    }

    @Test("{device_id} is the row's, as often as it stands there")
    func deviceID() throws {
        var fixture = try HeaderFixture(
            .tdes2Key, under: .tdes2Key,
            blocks: ["42={device_id}", "43=a{device_id}b{device_id}", "44={device}", "45="])
        fixture.deviceID = "POS.7"
        let product = try fixture.make()
        #expect(
            product.blocks.filter { $0.hasPrefix("4") } == ["42=POS.7", "43=aPOS.7bPOS.7", "44={device}", "45="])
    }

    @Test(
        "the row's label comes before the one of the options; without either there is no block",
        arguments: [
            ("LB=till {device_id}", "", "LB=till TERM-1"), ("LB=till {device_id}", "counter 3", "LB=counter 3"),
            ("", "counter 3", "LB=counter 3"), ("", "", ""),
        ])
    func labels(option: String, label: String, expected: String) throws {
        var fixture = try HeaderFixture(.tdes2Key, under: .tdes2Key, blocks: option.isEmpty ? [] : [option])
        fixture.label = label
        let found = try fixture.make().blocks.first { $0.hasPrefix("LB") }
        #expect(found ?? "" == expected)
    }

    @Test("the row's key version comes before the one of the options")
    func keyVersions() throws {
        var fixture = try HeaderFixture(.tdes2Key, under: .tdes2Key)
        fixture.options.keyVersion = KeyVersionNumber("02")
        #expect(try fixture.make().block.header.keyVersion.description == "02")
        fixture.keyVersion = "A7"
        #expect(try fixture.make().block.header.keyVersion.description == "A7")
    }

    @Test("a block of 251 characters is short, one of 252 has the longer form of the length")
    func extendedLength() throws {
        let text = String(repeating: "x", count: 251)
        #expect(try HeaderFixture(.tdes2Key, under: .tdes2Key, blocks: ["42=\(text)"]).make().text.contains("42FFxx"))
        #expect(
            try HeaderFixture(.tdes2Key, under: .tdes2Key, blocks: ["42=\(text)x"]).make().text
                .contains("4200040106xx"))
    }

    // MARK: Refusals

    @Test("an initial key has mode X and no other", arguments: ModeOfUse.allCases)
    func modes(mode: ModeOfUse) throws {
        var options = HeaderOptions()
        options.modeOfUse = mode
        if mode == .deriveKeys {
            _ = try HeaderPlan(options, started: .now)
        } else {
            #expect(throws: HeaderOptionError.modeOfUse(mode)) { try HeaderPlan(options, started: .now) }
            #expect(HeaderOptionError.modeOfUse(mode).isRefusal)
        }
    }

    @Test("S and E need leave", arguments: [Exportability.none, .sensitive, .trusted])
    func exportability(value: Exportability) throws {
        var fixture = try HeaderFixture(.tdes2Key, under: .tdes2Key)
        fixture.options.exportability = value
        if value != .none {
            #expect(throws: HeaderOptionError.exportability(value)) { try HeaderPlan(fixture.options, started: .now) }
            #expect(HeaderOptionError.exportability(value).isRefusal)
            fixture.options.allowsExportable = true
        }
        #expect(try fixture.make().block.header.exportability == value)
    }

    @Test("a serial number is each device's own", arguments: ["KS=FFFF9876543210E00000", "IK=1234567890123456", "KS"])
    func serialNumbers(argument: String) throws {
        let id = try #require(OptionalBlock.Identifier(argument.prefix(2)))
        let fixture = try HeaderFixture(.tdes2Key, under: .tdes2Key, blocks: [argument])
        let expected = HeaderOptionError.serialNumberBlock(id)
        #expect(throws: expected) { try HeaderPlan(fixture.options, started: .now) }
        #expect(!expected.isRefusal)
        #expect(expected.hint != nil)
    }

    @Test(
        "an ID given twice is an error",
        arguments: [(["KC", "KC"], "KC"), (["42=a", "LB=x", "42=b"], "42"), (["TS", "TS=20200101000000Z"], "TS")])
    func duplicates(arguments: [String], id: String) throws {
        let fixture = try HeaderFixture(.tdes2Key, under: .tdes2Key, blocks: arguments)
        let expected = HeaderOptionError.duplicate(try #require(OptionalBlock.Identifier(id)))
        #expect(throws: expected) { try HeaderPlan(fixture.options, started: .now) }
        #expect(!expected.isRefusal)
    }
}
