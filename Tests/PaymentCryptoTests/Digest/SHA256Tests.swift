import PaymentCrypto
import Testing

/// SHA-256 against FIPS 180-4's examples.
struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func matchesTheStandard(_ text: String, _ expected: String) throws {
        let stream = try SHA256Stream()
        for byte in text.utf8 { try withUnsafeBytes(of: byte) { try stream.update($0) } }
        #expect(try stream.digest().description == expected)
        #expect(try stream.digest() == SHA256Digest(expected.uppercased()))
    }

    @Test func refusesTextThatIsNoDigest() {
        #expect(SHA256Digest("00") == nil)
        #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    }
}
