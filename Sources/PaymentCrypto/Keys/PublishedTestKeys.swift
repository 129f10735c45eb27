import COpenSSL

/// Keys that anybody can look up, known by digest so that none of them stands in the program.
public enum PublishedTestKeys {
    /// Whether the key is one of them, parity bits not looked at; a TDES key written K1 K2 K1 counts as K1 K2.
    ///
    /// A key all of whose bytes are the same counts too: `1111...` and its like are in every vendor's manual.
    public static func contains(_ key: borrowing SymmetricKey) -> Bool {
        let count = key.algorithm == .tdes3Key && key.isPartEqual(0, 2) ? 16 : key.algorithm.byteCount
        let masked = SecretBytes(count: count) { memory in
            key.bytes.withExposedBytes { bytes in
                for index in memory.indices { memory[index] = bytes[index] & 0xFE }
            }
        }
        return masked.withExposedBytes { bytes in
            bytes.allSatisfy { $0 == bytes[0] } || digests.contains(digest(bytes))
        }
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest)
        return Hexadecimal.text(digest)
    }

    /// SHA-256 of the key's bytes with the lowest bit of each one cleared.
    private static let digests: Set<String> = [
        // ANSI X9.24-1:2009 A.4, base derivation key; in nearly every manual.
        "EAC80BB1928894A5D2819B5BBB5C83E25A7160178845289E9533FCC2C59D34AF",
        // ANSI X9.24-1:2009 A.4, initial key.
        "991642493EE50F8B8BBE4F65CA096ABC9D597A7D84FD33B9FDFE6175B272573B",
        // ANSI X9.24-3:2017 Annex B, AES-128 base derivation key.
        "F3864885F377F92CE7111E3C62A639E046B5E9ACE9784D35D17F08FB68631952",
        // ANSI X9.24-3:2017 Annex B, AES-256 base derivation key.
        "605D6309C0EAFE9A06BEE8BE9433F4FE37C7C2A0E64299D58F697A1CBF0331AB",
        // ANSI X9.24-3:2017 Annex B, AES-128 initial key.
        "466C0431B8C9F239CEC6DB131BF76081A2BFCA7422CAB9A7111DB5399F9E0382",
        // TR-31:2018 A.7.2.1, key block protection key.
        "69F274AF9E437F91101717671B8182DD3F0D55945E5A1CE3F7D0836B7F0CFC65",
        // TR-31:2018 A.7.2.1, wrapped key.
        "8D8FAB82E74770916DD7A1DDCC9603BE9A3E2E11AA31FB71986522435B74E0ED",
        // TR-31:2018 A.7.2.2, key block protection key.
        "3A5B70E6D789B7A940787709D362F7265B522696FFDCDA02DB27386EE811E26B",
        // TR-31:2018 A.7.2.2, wrapped key.
        "86B9896566FD5D56EC142DD94475867166A9740EB7E4771F47A6CF7E18D73AF9",
        // TR-31:2018 A.7.3.1, key block protection key.
        "8BFE526F6C940F6A5D3B29369CF04888CE64072FF5D9675DD2D8F7F179F6785B",
        // TR-31:2018 A.7.3.1, wrapped base derivation key.
        "DEE572BF4F415E1F780EFE2A843E5CA4FA9F729F3B4B05BD345739F428E62A27",
        // TR-31:2018 A.7.3.2, key block protection key.
        "F946395BE62ACE5201CCD7359CC7C537CA42B143EA279A940356598792B2C0A6",
        // TR-31:2018 A.7.3.2, wrapped key.
        "80BD8E7E97E956AA953A787D3C19B8B055F897CBA1ECCF5A1BC42FEC5FAB17F8",
        // TR-31:2018 A.7.4, key block protection key.
        "A546EADF21696880BBF5C0B4B6856E29C81815CE190AB198A5B0AA6CEC11B08F",
        // ISO 20038:2017 B.2, key block protection key.
        "E2B1519CF3321F69836C36B47B4F24F27952B6E0DDC5537863CB6B6B1EF60706",
        // ISO 20038:2017 B.2, wrapped key.
        "4E3FD7F289D92C04454C73786B4E572341007E2B4F63FEA52309467A5AC077FC",
        // counting bytes, in many test suites (moov-io/tr31).
        "745F8FF996D173980B95693E604C3CCDC021B3361209A7D484A13CB4E8FB2BED",
        // counting digits, in many test suites (CyberChef, FIPS 197 Appendix C).
        "CFB5992F33A1B8A263992E0DB75F5C291CFB31325D60F7F8EBCE1EFFCCEB41A3",
        // FIPS 197 Appendix C.2.
        "532C741C6E3DD49D5F64B63EB224D3F2B1B88690C679951CC2AE2AF9B5B2F667",
        // FIPS 197 Appendix C.3.
        "99A029808FCEBA8D58D7BBAA5B38DFDFDB609849CB6F4DF19F702E6A32F27166",
        // NIST SP 800-38A Appendix F.1.
        "3CF817E25B6559874F9B416740959E5051C3B91A26F3434D8B69D8237605A817",
        // NIST SP 800-38A Appendix F.1.
        "491ED5E60E5872452515D11904E820DBC21102CCBBB9A25079036487FE47E2D2",
        // NIST SP 800-38A Appendix F.1.
        "1AB9A97A5BE9565B5B52CE7BF966AD6A7E51DED95FED355BC92123A28358CFEA",
        // knovichikhin/psec, documentation examples.
        "BC1443A0D17AAB2DB1EA0302EF280717AC9A2F23355C5B649EA87D605430458D",
        // chhil/TR31Keyblock, test key.
        "B13DF7FD5891980D4454EE1F2412A175C84F7876AA661B84E32DB5D6D42F149E",
        // chhil/TR31Keyblock, test key.
        "1CB430A88ECBECFD54A583B02AEC3BC2EE043878D2954515F646C38283EA223C",
        // chhil/TR31Keyblock, test key.
        "88D9FA9480D06E2A6241528B91096FC68E8A7CAACB188AF804B0BDD754503D60",
    ]
}
