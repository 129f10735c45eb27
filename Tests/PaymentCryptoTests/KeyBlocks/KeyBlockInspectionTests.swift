import Testing

@testable import PaymentCrypto

/// The clear parts of a block in words.
@Suite struct KeyBlockInspectionTests {
    @Test func aPlainBlockIsPutInWords() throws {
        let rows: [KeyBlockVectorTests.Row] = try VectorFile.own("tr31.json").rows()
        let row = try #require(rows.first { $0.id == "tr31-pub-001" })
        let inspection = KeyBlockInspection(try UnverifiedKeyBlock(row.keyBlock))
        let header = inspection.header.map { "\($0.name)=\($0.code): \($0.meaning)" }
        #expect(
            header == [
                "version=B: keys derived from a TDES key, CBC and CMAC", "length=0136: 136 characters",
                "key_usage=B0: base derivation key", "algorithm=T: TDES", "mode_of_use=X: derive keys",
                "key_version=00: not used", "exportability=E: exportable in a trusted key block",
                "number_of_optional_blocks=03: 3", "key_context=0: as the wrapping key has it",
                "reserved=0: as it should be",
            ])
        let blocks = inspection.optionalBlocks.map { "\($0.name) \($0.title): \($0.meaning)" }
        #expect(
            blocks == [
                "BI base derivation key ID: key set identifier 08793E2500, TDES",
                "KC check value of the key: legacy check value F4B08D",
                "KP check value of the protection key: legacy check value 2F0EEA",
            ])
        #expect(inspection.payloadByteCount == 32 && inspection.authenticator == row.mac && inspection.findings.isEmpty)
    }

    @Test func everyBlockHasWords() throws {
        let rows: [KeyBlockVectorTests.Row] = try VectorFile.own("tr31.json").rows()
        var words: Set<String> = []
        for row in rows {
            let inspection = KeyBlockInspection(try UnverifiedKeyBlock(row.keyBlock))
            for item in inspection.header + inspection.optionalBlocks {
                #expect(!item.meaning.isEmpty && !item.title.isEmpty, "\(row.id): \(item.name)")
            }
            words.formUnion(inspection.optionalBlocks.map(\.meaning))
        }
        for expected in [
            "2026-03-01 12:00:00 UTC", "2026-03-01 12:00:00.59 UTC", "SHA-256", "static key",
            "PIN encryption key, TDES, decrypt only, exportable in a trusted key block",
            "X.509 certificate, X.509 certificate", "under keys of equal or greater strength",
            "CMAC check value 9E357FBF09", "initial key ID 1234567890123456",
            "initial key serial number FFFF9876543210E00000, counter 0",
        ] {
            #expect(words.contains(expected), "\(expected)")
        }
    }

    @Test func whatCannotBeReadIsAFinding() throws {
        let text = "B0120B1TX00N0200KS1493DCEBC74843DD1EPB04" + String(repeating: "0", count: 80)
        let inspection = KeyBlockInspection(try UnverifiedKeyBlock(text))
        #expect(inspection.optionalBlocks.first?.meaning == "cannot be read, see the findings")
        #expect(inspection.findings.map(\.rule) == [.blockContents])
        #expect(inspection.findings.map(\.severity) == [.strictOnly])
    }
}
