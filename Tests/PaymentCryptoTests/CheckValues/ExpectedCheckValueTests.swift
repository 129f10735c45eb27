import Testing

@testable import PaymentCrypto

@Suite("Check values that somebody else gave")
struct ExpectedCheckValueTests {
    /// X9.24-3:2017 Annex B: CMAC check value 05EF4531EC.
    private func checkValue(_ method: CheckValueMethod = .cmac) throws -> CheckValue {
        try SymmetricKey.test("1273671EA26AC29AFA4D1084127652A1", isTDES: false).checkValue(method)
    }

    @Test(
        "a prefix of 4 to 10 digits matches, in any case",
        arguments: ["05EF", "05EF4", "05ef45", "05eF453", "05EF4531", "05EF4531E", "05ef4531ec"])
    func prefixes(text: String) throws {
        let expected = try #require(ExpectedCheckValue(text))
        #expect(expected.matches(try checkValue()))
        #expect(expected.matches(hexadecimal: "05EF4531EC"))
        #expect(expected.matches(hexadecimal: "05ef4531ec"))
        #expect(expected.description == text.uppercased())
    }

    @Test("one wrong digit anywhere is a difference")
    func wrongDigits() throws {
        let right = Array("05EF4531EC")
        for position in right.indices {
            for length in max(4, position + 1)...10 {
                var digits = right.prefix(length)
                digits[position] = digits[position] == "0" ? "1" : "0"
                let expected = try #require(ExpectedCheckValue(String(digits)))
                #expect(!expected.matches(try checkValue()), "\(expected)")
                #expect(!expected.matches(hexadecimal: "05EF4531EC"), "\(expected)")
            }
        }
    }

    @Test("a digit that cannot be compared is no match")
    func longerThanFound() throws {
        let key = try SymmetricKey.test("6AC292FAA1315B4D858AB3A3D7D5933A", isTDES: true)
        let legacy = try key.checkValue()
        #expect(try #require(ExpectedCheckValue("AF8C07")).matches(legacy))
        // Seven digits of the whole block, of which three bytes may be shown.
        #expect(!(try #require(ExpectedCheckValue("AF8C07C")).matches(legacy)))
        #expect(!(try #require(ExpectedCheckValue("AF8C070")).matches(legacy)))
        #expect(!(try #require(ExpectedCheckValue("AF8C070")).matches(hexadecimal: "AF8C07")))
    }

    @Test(
        "other texts are no check values",
        arguments: ["", "0", "05E", "05EF4531EC0", "05EG", "05 EF", " 05EF", "0x05EF", "05EF\n", "０５ＥＦ", "----"])
    func malformed(text: String) {
        #expect(ExpectedCheckValue(text) == nil)
    }

    @Test("cutting keeps the leading bytes and never adds any")
    func cutting() throws {
        let whole = try checkValue()
        #expect(whole.byteCount == 5)
        #expect(whole.prefix(3).description == "05EF45")
        #expect(whole.prefix(9) == whole)
        #expect(try checkValue(.legacy).description == "3FB7FE")
        #expect(
            whole.prefix(3)
                == (try SymmetricKey.test("1273671EA26AC29AFA4D1084127652A1", isTDES: false)
                    .checkValue(.cmac, byteCount: 3)))
    }

    @Test("what a method may show")
    func methods() {
        #expect(CheckValueMethod.legacy.permittedByteCounts == 2...3)
        #expect(CheckValueMethod.cmac.permittedByteCounts == 3...5)
        #expect(CheckValueMethod.legacy.reportName == "ANSI_X9_24")
        #expect(CheckValueMethod.cmac.reportName == "CMAC")
        #expect(KeyAlgorithm.allCases.map(CheckValueMethod.standard) == [.legacy, .legacy, .cmac, .cmac, .cmac])
    }
}
