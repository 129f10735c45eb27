import Testing

@testable import PaymentCrypto

@Suite("Sealing")
struct SealedBytesTests {
    /// The Galois/Counter Mode of Operation (McGrew and Viega), appendix B, test case 16.
    private static let key = "FEFFE9928665731C6D6A8F9467308308FEFFE9928665731C6D6A8F9467308308"
    private static let associated = "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"
    private static let nonce = "CAFEBABEFACEDBADDECAF888"
    private static let sealed = """
        522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA\
        8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0ABCC9F662
        """
    private static let tag = "76FC6ECE0F4E1768CDDF8853BB2D551B"
    private static let clear = """
        D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A72\
        1C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE657BA637B39
        """

    @Test("known answer of AES-256-GCM")
    func knownAnswer() throws {
        let box = try #require(SealedBytes(Self.nonce + Self.sealed + Self.tag))
        let opened = try open(box, count: 60, under: Self.key, associated: Self.associated)
        #expect(opened == Self.clear)
    }

    @Test("opens with what it was sealed with, and with nothing else")
    func roundTrip() throws {
        let secret = SecretBytes(copying: try #require(Hexadecimal.bytes(Self.clear)), count: 32)
        let key = SecretBytes(copying: try #require(Hexadecimal.bytes(Self.key)), count: 32)
        let associated = Array("a place".utf8)
        let box = try secret.withExposedBytes { secret in
            try key.withExposedBytes { try SealedBytes(sealing: secret, under: $0, associated: associated) }
        }
        #expect(
            try open(box, count: 32, under: Self.key, associated: "6120706C616365") == String(Self.clear.prefix(64)))
        #expect(try open(box, count: 32, under: Self.key, associated: "6120706C616366") == nil)
        #expect(try open(box, count: 32, under: Self.clear.prefix(64), associated: "6120706C616365") == nil)
        #expect(try open(box, count: 31, under: Self.key, associated: "6120706C616365") == nil)
        #expect(!box.description.contains(Self.clear.prefix(64)))
    }

    @Test("any changed digit is seen")
    func everyDigitCounts() throws {
        let text = Array(Self.nonce + Self.sealed + Self.tag)
        for index in text.indices {
            var changed = text
            changed[index] = text[index] == "0" ? "1" : "0"
            let box = try #require(SealedBytes(String(changed)))
            #expect(try open(box, count: 60, under: Self.key, associated: Self.associated) == nil)
        }
    }

    @Test("text that is too short or no hexadecimal", arguments: ["", "00", String(repeating: "0", count: 56), "x"])
    func notSealed(text: String) {
        #expect(SealedBytes(text) == nil)
    }

    private func open(
        _ box: SealedBytes, count: Int, under key: some StringProtocol, associated: String
    ) throws -> String? {
        let key = SecretBytes(copying: try #require(Hexadecimal.bytes(key)), count: 32)
        let associated = try #require(Hexadecimal.bytes(associated))
        let opened = try key.withExposedBytes { try box.open(count: count, under: $0, associated: associated) }
        guard let opened else { return nil }
        return opened.hexadecimal()
    }
}

extension SecretBytes {
    fileprivate init(copying bytes: [UInt8], count: Int) {
        self.init(count: count) { $0.copyBytes(from: bytes.prefix(count)) }
    }
}
