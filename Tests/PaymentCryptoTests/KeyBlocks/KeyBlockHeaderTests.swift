import Testing

@testable import PaymentCrypto

/// The codes of the header and what they permit.
@Suite struct KeyBlockHeaderTests {
    @Test func modesNarrowAsTheContractSays() {
        let narrower: [ModeOfUse: Set<ModeOfUse>] = [
            .noRestriction: Set(ModeOfUse.allCases), .encryptAndDecrypt: [.encrypt, .decrypt],
            .macBoth: [.macGenerate, .macVerify], .signAndDecrypt: [.sign, .decrypt],
        ]
        for mode in ModeOfUse.allCases {
            let permitted = Set(ModeOfUse.allCases.filter(mode.permits))
            #expect(permitted == (narrower[mode] ?? []).union([mode]), "\(mode)")
        }
    }

    @Test func exportabilityNarrowsAsTheContractSays() {
        let permitted = Exportability.allCases.map { from in
            "\(from):" + Exportability.allCases.filter(from.permits).map(\.description).sorted().joined()
        }
        #expect(permitted.sorted() == ["E:EN", "N:N", "S:ENS"])
    }

    @Test func everyNamedUsageHasItsOwnModeAmongThePermittedOnes() {
        let codes = (["B", "C", "D", "E", "I", "K", "M", "P", "S", "V"] as [Character]).flatMap { letter in
            (0...9).compactMap { KeyUsage("\(letter)\($0)") }
        }
        let named = codes.filter { $0.meaning != nil }
        #expect(named.count == 43)
        for usage in named {
            let isPermitted = usage.permittedModes?.contains(usage.standardModeOfUse) == true
            #expect(isPermitted, "\(usage)")
        }
        #expect(KeyUsage.initialDUKPTKey.standardModeOfUse == .deriveKeys)
        #expect(KeyUsage.keyEncryption.permittedModes == [.encryptAndDecrypt, .decrypt, .encrypt])
        #expect(KeyUsage("10")?.permittedModes == nil && KeyUsage("10")?.isProprietary == true)
    }

    @Test(arguments: ["", "B", "B11", "B ", "É1", "B-", " 1"])
    func wrongCodesAreNoUsages(text: String) {
        #expect(KeyUsage(text) == nil && KeyVersionNumber(text) == nil && OptionalBlock.Identifier(text) == nil)
    }

    @Test func componentsAreKnownByTheirLetter() {
        #expect(KeyVersionNumber("c2")?.componentNumber == 2)
        #expect(KeyVersionNumber(component: 3)?.description == "c3")
        #expect(KeyVersionNumber(component: 0) == nil && KeyVersionNumber(component: 10) == nil)
        #expect(KeyVersionNumber("C2")?.isComponent == false)
        #expect(KeyVersionNumber("cA")?.isComponent == true && KeyVersionNumber("cA")?.componentNumber == nil)
        #expect(KeyVersionNumber.notUsed.description == "00")
    }

    @Test func factoriesWriteWhatTheStandardHas() throws {
        let tdes = try KeySerialNumber("FFFF9876543210E00001", family: .tdes).initial
        let aes = try KeySerialNumber("123456789012345600000001", family: .aes).initial
        #expect(OptionalBlock.initialKeySerialNumber(tdes).description == "KS=FFFF9876543210E00000")
        #expect(OptionalBlock.initialKeySerialNumber(aes).description == "IK=1234567890123456")
        #expect(OptionalBlock.keySetIdentifier(0xFF_FF98_7654).description == "BI=00FFFF987654")
        #expect(OptionalBlock.baseDerivationKeyID(0x1234_5678).description == "BI=0112345678")
        #expect(OptionalBlock.label("tête") == nil)
        #expect(OptionalBlock.label("till 7")?.data == "till 7")
        guard let key = SymmetricKey("6AC292FAA1315B4D858AB3A3D7D5933A", isTDES: true) else { return }
        #expect(try OptionalBlock.keyCheckValue(key.checkValue()).description == "KC=00AF8C07")
        #expect(try OptionalBlock.protectionKeyCheckValue(key.checkValue(.cmac)).description == "KP=0126A9356B55")
    }

    @Test(arguments: [
        ("20260301120000Z", "20260301120000Z"), ("2026030112000059Z", "2026030112000059Z"),
        ("2026-03-01T12:00:00Z", "20260301120000Z"), ("2026-03-01T12:00:00.59Z", "2026030112000059Z"),
        ("20240229235959Z", "20240229235959Z"),
    ])
    func timesAreRead(text: String, compact: String) {
        #expect(KeyBlockTime(text)?.compactText == compact)
    }

    @Test(arguments: [
        "20261301120000Z", "20260230120000Z", "20250229120000Z", "19000229120000Z", "20260301250000Z",
        "20260301126000Z", "20260301120060Z", "20260301120000", "2026-03-01 12:00:00Z", "2026-03-01T12:00:00+01:00",
        "260301120000Z", "", "２０２６0301120000Z",
    ])
    func wrongTimesAreRefused(text: String) {
        #expect(KeyBlockTime(text) == nil)
    }
}
