import Testing

@testable import PaymentCrypto

@Suite("The optional blocks of a key that leaves")
struct ExportBlockTests {
    static let time = "20260301120000Z"

    @Test("KS or IK, KC, KP, TS, LB, then the key's own others, then those asked for")
    func order() throws {
        let found = try identifiers(
            own: ["ZZ=x", "LB=depot", "TC=\(Self.time)"], asked: ["42=y", "TS", "KP", "KC", "10=z"])
        #expect(found == ["KC", "KP", "TS", "LB", "ZZ", "TC", "42", "10"])
        let initial = try identifiers(
            own: ["LB=x", "KS=FFFF9876543210E00000"], asked: ["KC"], usage: .initialDUKPTKey)
        #expect(initial == ["KS", "KC", "LB"])
    }

    @Test("what told of another key block stays behind, a check value of the key is computed anew")
    func ofTransport() throws {
        #expect(
            try identifiers(own: ["TS=\(Self.time)", "KP=00AABBCC", "PK=00AABBCC", "WP=001", "LB=x"], asked: []) == [
                "LB", "WP",
            ])
        let key = try SymmetricKey.random(.aes128)
        let header = try Self.plan(own: ["KC=00AABBCC"], asked: [], algorithm: .aes128)
        let text = try header.wrap(
            key, under: KeyBlockProtection(copying: key), at: try #require(KeyBlockTime(Self.time)))
        let found = try KeyBlock.open(text, under: key).header.optionalBlocks.map(\.description)
        #expect(found == ["KC=01\(try key.checkValue())"])
    }

    @Test("the same block with the same value is there once")
    func sameValue() throws {
        #expect(
            try identifiers(own: ["BI=00FFFF987654"], asked: ["BI=00FFFF987654", "KC"], usage: .baseDerivationKey) == [
                "KC", "BI",
            ])
    }

    @Test("with another value it is refused, naming both")
    func otherValue() throws {
        let expected = HeaderOptionError.ownBlock(.baseDerivationKeyID, own: "00FFFF987654", found: "00ABCDEFABCD")
        #expect(throws: expected) {
            try Self.plan(own: ["BI=00FFFF987654"], asked: ["BI=00ABCDEFABCD"], usage: .baseDerivationKey)
        }
        #expect(!expected.isRefusal)
        #expect(expected.description.contains("'00FFFF987654'") && expected.description.contains("'00ABCDEFABCD'"))
    }

    @Test("given twice, for a device, or without a value")
    func malformed() throws {
        #expect(throws: HeaderOptionError.duplicate(.label)) { try Self.plan(own: [], asked: ["LB=a", "LB=a"]) }
        #expect(throws: HeaderOptionError.noDevice(.label)) { try Self.plan(own: [], asked: ["LB=a{device_id}"]) }
        #expect(throws: HeaderOptionError.missingValue(.keySerialNumber)) { try Self.plan(own: [], asked: ["KS"]) }
    }

    /// Which block goes with which key.
    ///
    /// X9.143:2021, 6.3.6, tables 7 to 23.
    @Test(
        "a block that does not go with the key is refused",
        arguments: [
            ("BI=00FFFF987654", KeyUsage.baseDerivationKey, KeyAlgorithm.tdes2Key, true),
            ("BI=01FFFF9876", .baseDerivationKey, .aes128, true),
            ("BI=01FFFF9876", .baseDerivationKey, .tdes2Key, false),
            ("BI=00FFFF987654", .baseDerivationKey, .aes128, false),
            ("BI=00FFFF987654", .initialDUKPTKey, .tdes2Key, false),
            ("BI=00FFFF987654", .pinEncryption, .tdes2Key, false),
            ("KS=FFFF9876543210E00000", .initialDUKPTKey, .tdes2Key, true),
            ("KS=FFFF9876543210E00001", .initialDUKPTKey, .tdes2Key, false),
            ("KS=FFFF9876543210E0", .initialDUKPTKey, .tdes2Key, false),
            ("KS=FFFF9876543210E00000", .initialDUKPTKey, .aes128, false),
            ("KS=FFFF9876543210E00000", .baseDerivationKey, .tdes2Key, false),
            ("IK=1234567890123456", .initialDUKPTKey, .aes256, true),
            ("IK=1234567890123456", .initialDUKPTKey, .tdes2Key, false),
            ("IK=12345678901234567890", .initialDUKPTKey, .aes128, false),
            ("HM=21", .macCMAC, .aes128, false), ("AL=0100", .dataEncryption, .aes128, false),
            ("DA=01B0TXN", .keyDerivation, .tdes2Key, true), ("DA=01B0TXN", .dataEncryption, .tdes2Key, false),
            ("WP=000", .dataEncryption, .tdes2Key, true), ("WP=009", .dataEncryption, .tdes2Key, false),
            ("TS=20260301120000Z", .dataEncryption, .tdes2Key, true), ("TS=today", .dataEncryption, .tdes2Key, false),
            ("TC=2026-03-01T12:00:00Z", .keyEncryption, .aes256, true), ("LB=depot 3", .pinEncryption, .aes128, true),
            ("42=x", .pinEncryption, .aes128, true),
        ])
    func placement(block: String, usage: KeyUsage, algorithm: KeyAlgorithm, isPermitted: Bool) throws {
        let plan = try Self.plan(own: [], asked: [block], usage: usage, algorithm: algorithm)
        let time = try #require(KeyBlockTime(Self.time))
        if isPermitted {
            #expect(try plan.tryOut(algorithm, under: .aes256, at: time).isEmpty)
        } else {
            #expect {
                try plan.tryOut(algorithm, under: .aes256, at: time)
            } throws: { error in
                guard case HeaderOptionError.unfit(let reason)? = error as? HeaderOptionError else { return false }
                return reason.hasPrefix("optional block \(block.prefix(2)): expected")
            }
        }
    }

    @Test("the key's own odd block, and a mode that its usage has not, are only remarked on")
    func remarks() throws {
        let time = try #require(KeyBlockTime(Self.time))
        let odd = try Self.plan(own: ["HM=21"], asked: ["LB=x"]).tryOut(.tdes2Key, under: .aes128, at: time)
        #expect(odd.map(\.block) == [.hashAlgorithm])
        var options = HeaderOptions()
        options.modeOfUse = .sign
        let mode = try ExportHeader(NarrowingTests.header(mode: .noRestriction), options: options, under: .aes128)
            .tryOut(.tdes2Key, under: .aes128, at: time)
        #expect(mode.map(\.rule) == [.modeOfUse])
    }

    @Test("too long a header, or too many blocks")
    func tooLong() throws {
        let time = try #require(KeyBlockTime(Self.time))
        let long = String(repeating: "x", count: 9_900)
        let many = (0..<100).map { "\($0 / 10)\($0 % 10)=x" }
        for asked in [["42=\(long)"], many] {
            #expect {
                try Self.plan(own: [], asked: asked).tryOut(.tdes2Key, under: .aes128, at: time)
            } throws: { error in
                if case HeaderOptionError.unfit? = error as? HeaderOptionError { true } else { false }
            }
        }
    }

    private func identifiers(
        own: [String], asked: [String], usage: KeyUsage = .dataEncryption
    ) throws -> [String] {
        let checkValue = try SymmetricKey.random(.tdes2Key).checkValue()
        let time = try #require(KeyBlockTime(Self.time))
        return try Self.plan(own: own, asked: asked, usage: usage)
            .header(.init(keyCheckValue: checkValue, protectionKeyCheckValue: checkValue, time: time))
            .optionalBlocks.map(\.id.description)
    }

    private static func plan(
        own: [String], asked: [String], usage: KeyUsage = .dataEncryption, algorithm: KeyAlgorithm = .tdes2Key
    ) throws -> ExportHeader {
        let blocks = try own.map { text in
            let id = try #require(OptionalBlock.Identifier(text.prefix(2)))
            return try #require(OptionalBlock(id, data: String(text.dropFirst(3))))
        }
        var options = HeaderOptions()
        options.optionalBlocks = try asked.map { try OptionalBlockOption(argument: $0) }
        return try ExportHeader(
            KeyBlockHeader(
                version: .d, keyUsage: usage, algorithm: KeyBlockAlgorithm(algorithm), exportability: .trusted,
                optionalBlocks: blocks),
            options: options, under: .aes256)
    }
}
