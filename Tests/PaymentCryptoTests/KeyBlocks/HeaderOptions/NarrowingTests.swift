import Testing

@testable import PaymentCrypto

/// Every own value against every wished one; the tables are written out so that they can be held beside the standard.
@Suite("A header becomes narrower and never wider")
struct NarrowingTests {
    /// By own mode, the modes that it may leave with.
    ///
    /// X9.143:2021, 6.3.3, table 4.
    static let modes: [(own: Character, permitted: String)] = [
        ("B", "BDE"), ("C", "CGV"), ("D", "D"), ("E", "E"), ("G", "G"), ("N", "BCDEGNSTVXY"), ("S", "S"),
        ("T", "TSD"), ("V", "V"), ("X", "X"), ("Y", "Y"),
    ]

    /// By own exportability, the values that it may leave with.
    ///
    /// X9.143:2021, 6.3.5, table 6.
    static let exportabilities: [(own: Character, permitted: String)] = [("S", "SEN"), ("E", "EN"), ("N", "")]

    @Test("mode of use", arguments: modes)
    func modeOfUse(own: Character, permitted: String) throws {
        let own = try #require(ModeOfUse(own))
        for wished in ModeOfUse.allCases {
            let header = Self.header(mode: own)
            var options = HeaderOptions()
            options.modeOfUse = wished
            if permitted.contains(wished.description) {
                #expect(try Self.narrowed(header, options).modeOfUse == wished)
            } else {
                let refusal = HeaderOptionError.widerModeOfUse(own: own, found: wished)
                #expect(throws: refusal) { try Self.narrowed(header, options) }
                #expect(refusal.isRefusal)
                #expect(refusal.description.hasSuffix("since the key has \(own), found \(wished)"))
            }
        }
    }

    @Test("exportability", arguments: exportabilities)
    func exportability(own: Character, permitted: String) throws {
        let own = try #require(Exportability(own))
        for wished in Exportability.allCases {
            let header = Self.header(exportability: own)
            var options = HeaderOptions()
            options.exportability = wished
            if permitted.contains(wished.description) {
                #expect(try Self.narrowed(header, options).exportability == wished)
            } else {
                // N to N would be narrow enough, but such a key stays where it is.
                let refusal: HeaderOptionError =
                    own == wished ? .notExportable : .widerExportability(own: own, found: wished)
                #expect(throws: refusal) { try Self.narrowed(header, options) }
                #expect(refusal.isRefusal)
            }
        }
    }

    @Test("every pair of whole headers: a header leaves if and only if each of its values may")
    func wholeHeaders() throws {
        for (ownMode, modes) in Self.modes {
            for (ownExportability, exportabilities) in Self.exportabilities {
                let header = Self.header(
                    mode: try #require(ModeOfUse(ownMode)), exportability: try #require(Exportability(ownExportability))
                )
                for mode in ModeOfUse.allCases {
                    for exportability in Exportability.allCases {
                        var options = HeaderOptions()
                        (options.modeOfUse, options.exportability) = (mode, exportability)
                        let isPermitted =
                            modes.contains(mode.description) && exportabilities.contains(exportability.description)
                        let found = try? Self.narrowed(header, options)
                        #expect((found != nil) == isPermitted, "\(header.modeOfUse)\(header.exportability) \(options)")
                        if let found {
                            #expect((found.modeOfUse, found.exportability) == (mode, exportability))
                        }
                    }
                }
            }
        }
    }

    @Test("what is not given is the key's own")
    func nothingGiven() throws {
        for own in Exportability.allCases where own != .none {
            var header = Self.header(mode: .encrypt, exportability: own)
            header.keyVersion = try #require(KeyVersionNumber("7A"))
            header.context = .exchange
            var expected = header
            expected.version = .b
            #expect(try Self.narrowed(header, HeaderOptions()) == expected)
        }
        #expect(throws: HeaderOptionError.notExportable) {
            try Self.narrowed(Self.header(exportability: .none), HeaderOptions())
        }
    }

    @Test(
        "a key version restricts nothing, but a component stays a component",
        arguments: [
            ("00", "02", true), ("01", "02", true), ("02", "00", true), ("c1", "c1", true), ("c1", "01", false),
        ])
    func keyVersions(own: String, wished: String, isPermitted: Bool) throws {
        var header = Self.header()
        header.keyVersion = try #require(KeyVersionNumber(own))
        var options = HeaderOptions()
        options.keyVersion = KeyVersionNumber(wished)
        let found = try? Self.narrowed(header, options)
        #expect(found?.keyVersion.description == (isPermitted ? wished : nil))
    }

    @Test(
        "the version of the key block follows the wrapping key",
        arguments: [(KeyAlgorithm.tdes2Key, KeyBlockVersion.b), (.tdes3Key, .b), (.aes128, .d), (.aes256, .d)])
    func versions(wrapping: KeyAlgorithm, version: KeyBlockVersion) throws {
        #expect(try ExportHeader(Self.header(), options: HeaderOptions(), under: wrapping).version == version)
        var options = HeaderOptions()
        options.keyBlockVersion = .e
        #expect(try ExportHeader(Self.header(), options: options, under: wrapping).version == .e)
    }

    static func header(
        mode: ModeOfUse = .encryptAndDecrypt, exportability: Exportability = .sensitive
    ) -> KeyBlockHeader {
        KeyBlockHeader(
            version: .d, keyUsage: .dataEncryption, algorithm: .tdea, modeOfUse: mode, exportability: exportability)
    }

    static func narrowed(_ own: KeyBlockHeader, _ options: HeaderOptions) throws -> KeyBlockHeader {
        let checkValue = try SymmetricKey.random(.tdes2Key).checkValue()
        let time = try #require(KeyBlockTime("20260301120000Z"))
        return try ExportHeader(own, options: options, under: .tdes2Key)
            .header(.init(keyCheckValue: checkValue, protectionKeyCheckValue: checkValue, time: time))
    }
}
