import Testing

@testable import PaymentCrypto

/// What a header can count: 99 optional blocks and 9,999 characters.
@Suite("The largest key blocks")
struct KeyBlockLimitTests {
    private func header(_ version: KeyBlockVersion, _ blocks: [OptionalBlock]) -> KeyBlockHeader {
        KeyBlockHeader(version: version, keyUsage: .keyEncryption, algorithm: .tdea, optionalBlocks: blocks)
    }

    private func wrap(_ header: KeyBlockHeader) throws -> String {
        let kbpk = SymmetricKey.seeded(header.version.isTDES ? .tdes3Key : .aes256, 2)
        let text = try KeyBlock.wrap(.seeded(.tdes2Key, 1), header: header, under: kbpk)
        let opened = try KeyBlock.open(text, under: kbpk, strictness: .strict)
        #expect(opened.header == header)
        return text
    }

    private func empty(_ count: Int) throws -> [OptionalBlock] {
        try (0..<count).map { number in
            let id = try #require(OptionalBlock.Identifier(number < 10 ? "0\(number)" : "\(number)"))
            return try #require(OptionalBlock(id, data: ""))
        }
    }

    /// Empty blocks have 4 characters; where they end inside a cipher block, PB is one more.
    @Test("99 optional blocks, padding counted")
    func blockCount() throws {
        #expect(try wrap(header(.b, try empty(98))).dropFirst(12).hasPrefix("98"))
        #expect(try wrap(header(.b, try empty(97))).dropFirst(12).hasPrefix("98"))
        #expect(try wrap(header(.d, try empty(98))).dropFirst(12).hasPrefix("99"))
        #expect(throws: KeyBlockError.tooManyOptionalBlocks(100)) { try wrap(header(.b, try empty(99))) }
        #expect(throws: KeyBlockError.tooManyOptionalBlocks(100)) { try wrap(header(.e, try empty(99))) }
    }

    /// The longest label: what is left beside the header, the label's own 10 characters, ciphertext and MAC.
    @Test(
        "9,999 characters, in whole cipher blocks",
        arguments: [
            (KeyBlockVersion.b, 9992, 16 + 10 + 2 * (32 + 8)), (.d, 9984, 16 + 10 + 2 * (32 + 16)),
            (.e, 9988, 16 + 10 + 2 * (26 + 16)),
        ])
    func length(version: KeyBlockVersion, longest: Int, others: Int) throws {
        let label = try #require(OptionalBlock.label(String(repeating: "x", count: longest - others)))
        let text = try wrap(header(version, [label]))
        #expect(text.count == longest)
        #expect(text.dropFirst(1).hasPrefix("\(longest)"))
        let longer = try #require(OptionalBlock.label(label.data + "x"))
        #expect(throws: KeyBlockError.tooLong(characters: longest + version.blockByteCount)) {
            try wrap(header(version, [longer]))
        }
    }
}
