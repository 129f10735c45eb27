import Testing

@_spi(Engine) @testable import PaymentCrypto

/// The examples of NIST SP 800-38B, Appendix D (those for AES-128 are in RFC 4493, 4 too).
@Suite("CMAC, examples of NIST SP 800-38B")
struct CMACExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let key: String
        let isTDES: Bool
        /// By the length of the message in bytes.
        let tags: [Int: String]

        var testDescription: String { "\(isTDES ? "TDEA" : "AES") key of \(key.count / 2) bytes" }
    }

    static let message =
        "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
        + "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710"

    static let examples = [
        Example(
            key: "2B7E151628AED2A6ABF7158809CF4F3C", isTDES: false,
            tags: [
                0: "BB1D6929E95937287FA37D129B756746", 16: "070A16B46B4D4144F79BDD9DD04A287C",
                40: "DFA66747DE9AE63030CA32611497C827", 64: "51F0BEBF7E3B9D92FC49741779363CFE",
            ]),
        Example(
            key: "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", isTDES: false,
            tags: [
                0: "D17DDF46ADAACDE531CAC483DE7A9367", 16: "9E99A7BF31E710900662F65E617C5184",
                40: "8A1DE5BE2EB31AAD089A82E6EE908B0E", 64: "A1D5DF0EED790F794D77589659F39A11",
            ]),
        Example(
            key: "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4", isTDES: false,
            tags: [
                0: "028962F61B7BF89EFC6B551F4667D983", 16: "28A7023F452E8F82BD4BF28D8C37C35C",
                40: "AAF3D8F1DE5640C232F5B169B9C911E6", 64: "E1992190549F6ED5696A2C056C315410",
            ]),
        Example(
            key: "8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5", isTDES: true,
            tags: [0: "B7A688E122FFAF95", 8: "8E8F293136283797", 20: "743DDBE0CE2DC2ED", 32: "33E6B1092400EAE5"]),
        // The standard prints this key as K1 K2 K1.
        Example(
            key: "4CF15134A2850DD58A3D10BA80570D38", isTDES: true,
            tags: [0: "BD2EBF9A3BA00361", 8: "4FF2AB813C53CE83", 20: "62DD1B471902BD4E", 32: "31B1E431DABC4EB8"]),
    ]

    @Test("messages of no, one, some and whole blocks", arguments: examples)
    func tags(example: Example) throws {
        let key = try SymmetricKey.test(example.key, isTDES: example.isTDES)
        let cipher = try OpenSSLEngine().makeCipher(for: key)
        let ciphers = try KeyBlockCiphers(
            version: example.isTDES ? .b : .d, encryption: .columns(cipher), authentication: .columns(cipher))
        let message = try #require(Hexadecimal.bytes(Self.message))
        for (count, expected) in example.tags {
            let tag = SecretScratch(byteCount: cipher.blockByteCount)
            try message.withUnsafeBytes {
                try ciphers.authenticate(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: tag.bytes)
            }
            #expect(Hexadecimal.text(tag.bytes) == expected, "\(count) bytes")
        }
    }

    /// RFC 4493, 4 prints K1 and K2.
    @Test("subkeys of AES-128")
    func subkeys() throws {
        let key = try SymmetricKey.test("2B7E151628AED2A6ABF7158809CF4F3C", isTDES: false)
        let subkeys = try CMACSubkeys(OpenSSLEngine().makeCipher(for: key))
        #expect(Hexadecimal.text(subkeys.whole) == "FBEED618357133667C85E08F7236A8DE")
        #expect(Hexadecimal.text(subkeys.padded) == "F7DDAC306AE266CCF90BC11EE46D513B")
    }
}
