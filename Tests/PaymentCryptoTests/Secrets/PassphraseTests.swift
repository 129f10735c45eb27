import PaymentCrypto
import Testing

@Suite("Passphrases")
struct PassphraseTests {
    @Test("characters count, not bytes", arguments: [("twelve chars", 12), ("çok gizli ü!", 12)])
    func enoughCharacters(text: String, count: Int) throws {
        #expect(text.unicodeScalars.count == count)
        _ = try Passphrase(SecretLine(text))
    }

    @Test("too short", arguments: [("", 0), ("eleven char", 11), ("çööööööööö1", 11)])
    func tooFewCharacters(text: String, count: Int) {
        #expect(throws: PassphraseError.tooShort(found: count)) { try _ = Passphrase(SecretLine(text)) }
    }

    @Test("equal or not")
    func equality() throws {
        let one = try Passphrase(SecretLine("correct horse battery"))
        let texts = ["correct horse battery", "correct horse batterY", "correct horse batter"]
        let isEqual = try texts.map { one.isEqual(to: try Passphrase(SecretLine($0))) }
        #expect(isEqual == [true, false, false])
    }

    @Test("a line takes what it can hold, and no more")
    func fullLine() {
        var line = SecretLine()
        var taken = 0
        while line.append(0x20) { taken += 1 }
        let count = line.count
        #expect(taken == SecretLine.maximumByteCount && count == taken)
    }
}
