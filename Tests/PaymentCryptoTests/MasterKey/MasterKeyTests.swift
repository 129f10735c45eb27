import Testing

@testable import PaymentCrypto

@Suite("Master key")
struct MasterKeyTests {
    /// RFC 4231, clauses 4.2 and 4.3.
    @Test(
        "known answers of HMAC-SHA256",
        arguments: [
            (
                String(repeating: "0B", count: 20), "4869205468657265",
                "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7"
            ),
            (
                "4A656665", "7768617420646F2079612077616E7420666F72206E6F7468696E673F",
                "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"
            ),
        ])
    func authenticationCode(key: String, message: String, expected: String) throws {
        let key = try #require(Hexadecimal.bytes(key))
        let message = try #require(Hexadecimal.bytes(message))
        let code = try key.withUnsafeBytes { try AuthenticationCode(over: message, key: $0) }
        #expect(code.description == expected)
        #expect(AuthenticationCode(expected.lowercased()) == code)
        #expect(AuthenticationCode(expected.dropLast()) == nil)
    }

    @Test("each purpose has a key of its own, always the same")
    func subkeys() throws {
        let masterKey = MasterKey(SecretBytes(count: 32) { $0.initializeMemory(as: UInt8.self, repeating: 7) })
        let purposes: [MasterKey.Purpose] = [.siteSettings, .keyring, .keyBlocks, .custodians]
        let codes = try purposes.map { try masterKey.authenticationCode($0, over: []).description }
        #expect(Set(codes).count == purposes.count)
        let key = try masterKey.subkey(.keyBlocks)
        let (again, other) = (
            key.isEqual(to: try masterKey.subkey(.keyBlocks)), key.isEqual(to: try masterKey.subkey(.keyring))
        )
        #expect(again && !other)
        // Computed with `openssl mac`: HMAC-SHA256 of 'ipek keyring key blocks' and 01 under 32 bytes of 07.
        #expect(
            try masterKey.subkey(.keyBlocks).bytes.hexadecimal()
                == "6B1FF12BD98BBD36C367304AAE5E97BD745607457EB352CD5893A309DD45216C")
    }
}
