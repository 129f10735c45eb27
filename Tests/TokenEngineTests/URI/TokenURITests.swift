import Testing

@testable import TokenEngine

@Suite struct TokenURITests {
    @Test func aFullURIIsRead() throws {
        let uri = try TokenURI(
            "pkcs11:token=KIF%20token;manufacturer=SoftHSM%20project;serial=c8fcb3621d4f82c9;model=SoftHSM%20v2"
                + ";object=bdk-2026;id=%01%aB;type=secret-key;slot-id=494895817"
                + "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/ipek/pin")
        #expect(uri.token == "KIF token")
        #expect(uri.object == "bdk-2026")
        #expect(uri.id == [0x01, 0xAB])
        #expect(uri.type == .secretKey)
        #expect(uri.slotID == 494_895_817)
        #expect(uri.modulePath == "/usr/lib/softhsm/libsofthsm2.so")
        #expect(uri.pinSource == "file:/etc/ipek/pin")
    }

    /// RFC 7512, 3: the examples with attributes of objects and modules.
    @Test(arguments: [
        "pkcs11:", "pkcs11:object=my-pubkey;type=public",
        "pkcs11:object=my-key;type=private?pin-source=file:/etc/token",
        "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my-certificate;type=cert;id=%69%95%3E%5C%F4%BD%EC%91;serial=?pin-source=file:/etc/token_pin",
        "pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-description=Soft%20Token%20Library;library-version=1.23",
        "pkcs11:slot-description=Sun%20Metaslot", "pkcs11:token=?module-name=snakeoil", "PKCS11:token=x", "pkcs11:?",
    ])
    func theExamplesAreRead(text: String) throws {
        let uri = try TokenURI(text)
        #expect(try TokenURI("\(uri)") == uri)
    }

    @Test func attributesOfTheQueryMayStandInThePath() throws {
        let usual = try TokenURI("pkcs11:token=T;object=K?module-path=/m.so&pin-source=file:/pin")
        #expect(try TokenURI("pkcs11:token=T;object=K;pin-source=file:/pin;module-path=/m.so") == usual)
        #expect("\(usual)" == "pkcs11:token=T;object=K?pin-source=file:/pin&module-path=/m.so")
    }

    @Test(arguments: [
        ("", TokenURIError.scheme), ("token=T", .scheme), ("pkcs12:token=T", .scheme), ("pkcs11", .scheme),
        ("pkcs11:token", .noValue(position: 8)), ("pkcs11:token=T;;object=K", .noValue(position: 16)),
        ("pkcs11:token=T;", .noValue(position: 16)), ("pkcs11:token=T?pin-source", .noValue(position: 16)),
        ("pkcs11:token=T;token=T", .repeated("token")),
        ("pkcs11:pin-source=/a?pin-source=/a", .repeated("pin-source")),
        ("pkcs11:label=T", .unknownAttribute("label")), ("pkcs11:x-vendor=T", .unknownAttribute("x-vendor")),
        ("pkcs11:Token=T", .unknownAttribute("Token")), ("pkcs11:token=T?token=T", .misplaced("token")),
        ("pkcs11:token=T?pin-value=1234", .pinValue), ("pkcs11:token=T;pin-value=1234", .pinValue),
        ("pkcs11:token=a b", .character(position: 15)), ("pkcs11:token=a/b", .character(position: 15)),
        ("pkcs11:token=a?b=c", .unknownAttribute("b")), ("pkcs11:token=\u{E9}", .character(position: 14)),
        ("pkcs11:tok\u{E9}n=x", .character(position: 11)), ("pkcs11:token=%2", .escape(position: 14)),
        ("pkcs11:token=%", .escape(position: 14)), ("pkcs11:token=%G0", .escape(position: 14)),
        ("pkcs11:type=secret", .value("type", expected: "one of public, private, cert, secret-key, data")),
        ("pkcs11:slot-id=-1", .value("slot-id", expected: "a decimal number")),
        ("pkcs11:slot-id=18446744073709551616", .value("slot-id", expected: "a decimal number")),
        ("pkcs11:library-version=1.2.3", .value("library-version", expected: "a version such as 2 or 2.40")),
        ("pkcs11:library-version=256", .value("library-version", expected: "a version such as 2 or 2.40")),
        ("pkcs11:token=%FF", .value("token", expected: "UTF-8 without a zero byte")),
        ("pkcs11:object=a%00b", .value("object", expected: "UTF-8 without a zero byte")),
        ("pkcs11:serial=12345678901234567", .value("serial", expected: "at most 16 bytes")),
        ("pkcs11:?module-path=softhsm.so", .value("module-path", expected: "an absolute path")),
        ("pkcs11:?module-path=/m.so&module-name=m", .twoModules),
    ])
    func whatTheGrammarDoesNotHaveIsRefused(text: String, error: TokenURIError) {
        #expect(throws: error) { try TokenURI(text) }
    }

    @Test func aLongOneIsRefused() {
        #expect(throws: TokenURIError.tooLong(found: 4097)) {
            try TokenURI("pkcs11:object=" + String(repeating: "x", count: 4083))
        }
    }

    /// A PIN in the wrong place is in no message.
    @Test(arguments: ["pkcs11:token=T?pin-value=4711", "pkcs11:token=T;4711", "pkcs11:token=T;object=4711\u{7F}"])
    func valuesAreNotQuoted(text: String) {
        #expect { try TokenURI(text) } throws: { !"\($0)".contains("4711") }
    }

    /// Whatever the bytes, there is a URI or an error; and what was read is written so that it is read again.
    @Test func noInputTraps() throws {
        var generator = SystemRandomNumberGenerator()
        let pieces =
            TokenURI.Attribute.allCases.map(\.rawValue) + ["=", ";", "&", "?", "%", "%4", "%41", "/", "pkcs11:"]
        for _ in 0..<20_000 {
            var text = Bool.random(using: &generator) ? "pkcs11:" : ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let piece = pieces.randomElement(using: &generator) ?? ""
                let byte = String(decoding: [UInt8.random(in: 0...255, using: &generator)], as: UTF8.self)
                text += Bool.random(using: &generator) ? piece : byte
            }
            guard let uri = try? TokenURI(text) else { continue }
            #expect(try TokenURI("\(uri)") == uri, "\(text)")
        }
    }

    @Test func anyValueIsWrittenSoThatItIsReadAgain() throws {
        for byte in UInt8(1)...255 {
            let value = Array(String(decoding: [byte], as: UTF8.self).utf8)
            let uri = TokenURI(values: [.token: value, .object: value, .id: [0, byte], .pinSource: value])
            #expect(try TokenURI("\(uri)") == uri)
        }
    }
}
