import Testing

@testable import PaymentCrypto

/// Contents of optional blocks, those that the vectors do not reach included.
@Suite struct OptionalBlockContentsTests {
    @Test(arguments: [
        ("AL", "0100"), ("AL", "0101"), ("BI", "000102030405"), ("BI", "0101020304"), ("BI", "1101020304"),
        ("CT", "00AAAA"), ("CT", "01anything"), ("CT", "02000004AAAA010002xx"), ("DA", "01P0TEE"),
        ("DA", "01D2ABND3AEN"),
        ("HM", "10"), ("HM", "25"), ("HM", "41"), ("PK", "0001"), ("PK", "019876543210"), ("WP", "000"), ("WP", "003"),
        ("LB", ""), ("LB", "any text"), ("ZZ", "any text"),
    ])
    func right(id: String, data: String) throws {
        let block = try #require(OptionalBlock.Identifier(id).flatMap { OptionalBlock($0, data: data) })
        #expect(throws: Never.self) { try OptionalBlockContents(block) }
    }

    @Test(arguments: [
        ("AL", ""), ("AL", "0102"), ("AL", "01"), ("BI", ""), ("BI", "00"), ("BI", "0001020304"), ("BI", "01010203040"),
        ("BI", "01GG020304"), ("CT", ""), ("CT", "00"), ("CT", "00AAA"), ("CT", "00A=AA"), ("CT", "00A==="),
        ("CT", "03AAAA"),
        ("CT", "02"), ("CT", "020"), ("CT", "02000005AAAA"), ("CT", "02000000"), ("CT", "02030004AAAA"),
        ("CT", "0200FFFFAAAA"), ("CT", "02000004AAAA00"), ("DA", ""), ("DA", "01"), ("DA", "02P0TEE"), ("DA", "01P0TE"),
        ("DA", "01P0TQE"), ("DA", "01P0QEE"), ("DA", "01P0TEX"), ("DA", "01P TEE"), ("HM", ""), ("HM", "11"),
        ("HM", "2"),
        ("IK", ""), ("IK", "12345678901234567"), ("IK", "123456789012345G"), ("KS", "FFFF9876543210E0000"), ("PK", ""),
        ("PK", "01"), ("PK", "0112345"), ("PK", "02123456"), ("PK", "01GG"), ("WP", ""), ("WP", "004"), ("WP", "100"),
        ("TS", ""), ("TC", "yesterday"),
    ])
    func wrong(id: String, data: String) throws {
        let block = try #require(OptionalBlock.Identifier(id).flatMap { OptionalBlock($0, data: data) })
        #expect(throws: OptionalBlockContentsError.self) { try OptionalBlockContents(block) }
    }

    @Test func messagesStayShort() throws {
        let block = try #require(OptionalBlock(.derivationsAllowed, data: String(repeating: "x", count: 5000)))
        do {
            _ = try OptionalBlockContents(block)
            Issue.record("read")
        } catch {
            #expect(error.words.utf8.count < 200)
        }
    }
}
