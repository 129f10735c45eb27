import Testing

@testable import PaymentCrypto

/// Every row of tr31.json: blocks with a right authenticator.
@Suite struct KeyBlockVectorTests {
    struct Row: Decodable {
        struct Header: Decodable {
            let versionId, keyUsage, algorithm, modeOfUse, keyVersion, exportability, keyContext: String
        }

        struct Block: Decodable {
            let id, data: String
        }

        let id, kbpk, keyBlock, key, mac: String
        let header: Header
        let optionalBlocks: [Block]
        let deviations: [String]
    }

    @Test(arguments: VectorFile.all("tr31.json"))
    func everyBlockOpens(file: VectorFile) throws {
        let rows: [Row] = try file.rows()
        #expect(rows.count >= 188)
        for row in rows {
            let block = try #require(try? UnverifiedKeyBlock(row.keyBlock), "\(row.id)")
            let kbpk = SymmetricKey(row.kbpk, isTDES: block.header.version.isTDES)
            // A ~Copyable value cannot be required.
            guard let kbpk else {
                Issue.record("\(row.id): no protection key")
                continue
            }
            check(row, block)
            do {
                let opened = try KeyBlock.open(block, under: kbpk, strictness: .lenient)
                let deviations = opened.deviations
                #expect(opened.header == block.header, "\(row.id)")
                #expect(opened.takeKeyBytes().hexadecimal() == row.key.uppercased(), "\(row.id)")
                #expect(row.deviations.isEmpty || !deviations.isEmpty || isUnjudged(row), "\(row.id)")
                if row.deviations.isEmpty { _ = try KeyBlock.open(block, under: kbpk, strictness: .strict) }
            } catch {
                Issue.record("\(row.id): \(error)")
            }
        }
    }

    private func check(_ row: Row, _ block: UnverifiedKeyBlock) {
        let header = block.header
        let fields = [
            "\(header.version)", "\(header.keyUsage)", "\(header.algorithm)", "\(header.modeOfUse)",
            "\(header.keyVersion)", "\(header.exportability)", "\(header.context)",
        ]
        let expected = row.header
        #expect(
            fields == [
                expected.versionId, expected.keyUsage, expected.algorithm, expected.modeOfUse, expected.keyVersion,
                expected.exportability, expected.keyContext,
            ], "\(row.id)")
        #expect(block.optionalBlocks.map(\.id.description) == row.optionalBlocks.map(\.id), "\(row.id)")
        #expect(block.optionalBlocks.map(\.data) == row.optionalBlocks.map(\.data), "\(row.id)")
        #expect(header.optionalBlocks == block.optionalBlocks.filter { $0.id != .padding }, "\(row.id)")
        #expect(block.authenticatorText == row.mac.uppercased(), "\(row.id)")
        #expect(block.declaredLength == row.keyBlock.count, "\(row.id)")
    }

    /// Padding length is never judged, so a block that is odd in nothing else shows no deviation.
    private func isUnjudged(_ row: Row) -> Bool {
        row.deviations.allSatisfy { $0.hasPrefix("no-length-obfuscation") }
    }

    /// The blocks that strict opening refuses or takes with a note, each for its own reason.
    @Test func oddBlocksShowTheirRules() throws {
        let rows: [Row] = try VectorFile.own("tr31.json").rows()
        let expected: [String: Set<KeyBlockRule>] = [
            "tr31-pub-012": [.modeOfUse], "tr31-pub-017": [.blockPlacement],
            "tr31-pub-030": [.blockPlacement, .blockContents], "tr31-pub-031": [.blockPlacement],
            "tr31-pub-177": [.upperCase], "tr31-pub-182": [.modeOfUse], "tr31-pub-186": [.protectionKeyStrength],
            "tr31-pub-187": [.protectionKeyStrength], "tr31-pub-188": [.protectionKeyStrength],
        ]
        var seen = 0
        for row in rows {
            guard let rules = expected[row.id], let version = row.keyBlock.first.flatMap(KeyBlockVersion.init),
                let kbpk = SymmetricKey(row.kbpk, isTDES: version.isTDES)
            else { continue }
            let opened = try KeyBlock.open(row.keyBlock, under: kbpk, strictness: .lenient)
            let found = Set(opened.deviations.map(\.rule))
            #expect(found == rules, "\(row.id)")
            seen += 1
        }
        #expect(seen == expected.count)
    }
}
