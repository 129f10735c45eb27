import Testing

@testable import PaymentCrypto

/// What a sender refuses to make, and a receiver to open.
@Suite struct TR34SenderTests {
    let time = TR34Freshness.signingTime(TR34Vectors.time)

    @Test func noKeyUnderAWeakerOne() throws {
        let sender = try TR34Vectors.sender(.aws2012)
        for (algorithm, receiver, bitCount) in [
            (KeyAlgorithm.aes128, "krd2048", 2048), (.aes192, "krd3072", 3072), (.aes256, "krd3072", 3072),
            (.aes256, "krd4096", 4096), (.aes192, "krd4096", 4096),
        ] {
            let certificate = try TR34Vectors.certificate(receiver)
            #expect(throws: TR34Error.weakerRecipientKey(wrapped: algorithm, bitCount: bitCount)) {
                _ = try sender.token(
                    SymmetricKey.seeded(algorithm, 1), header: TR34RoundTripTests.header(algorithm), for: certificate,
                    freshness: time)
            }
        }
    }

    @Test func theHeaderIsTheKeys() throws {
        let sender = try TR34Vectors.sender(.aws2012)
        #expect(throws: TR34Error.algorithmMismatch(header: .aes, key: .tdes2Key)) {
            _ = try sender.token(
                SymmetricKey.seeded(.tdes2Key, 1), header: TR34RoundTripTests.header(.aes128),
                for: TR34Vectors.certificate("krd3072"), freshness: time)
        }
    }

    @Test func theKeyIsTheCertificates() throws {
        #expect(throws: TR34Error.keyMismatch) {
            _ = try TR34Sender(
                profile: .cms, signingKey: SigningKey(TR34Vectors.privateKey("kdh2")),
                certificate: TR34Vectors.certificate("kdh"), revocationList: nil)
        }
        let token = try TR34Vectors.token("accept/cms-1pass-tdes2-ik.der")
        #expect(throws: TR34Error.keyMismatch) {
            _ = try TR34.open(
                token, with: DecryptionKey(TR34Vectors.privateKey("krd3072")),
                own: TR34Vectors.certificate("krd2048"), sender: TR34Vectors.certificate("kdh"), nonce: nil
            ).takeKey()
        }
    }

    @Test func awsHasNoPlaceForAList() throws {
        #expect(throws: TR34Error.revocationListNotCarried(.aws2012)) {
            _ = try TR34Sender(
                profile: .aws2012, signingKey: SigningKey(TR34Vectors.privateKey("kdh")),
                certificate: TR34Vectors.certificate("kdh"), revocationList: TR34Vectors.revocationList("ca_kdh"))
        }
    }

    @Test func oneKeyDoesNotDoBoth() throws {
        let sender = try TR34Vectors.sender(.aws2012)
        #expect(throws: TR34Error.signingKeyReceives) {
            _ = try sender.token(
                SymmetricKey.seeded(.tdes2Key, 1), header: TR34RoundTripTests.header(.tdes2Key),
                for: TR34Vectors.certificate("kdh"), freshness: time)
        }
    }

    @Test func aHeaderHasAnEnd() throws {
        let sender = try TR34Vectors.sender(.aws2012)
        let long = try #require(OptionalBlock(.label, data: String(repeating: "x", count: 9_900)))
        let header = TR34RoundTripTests.header(.tdes2Key, optionalBlocks: [long])
        let error = try #require(throws: TR34Error.self) {
            _ = try sender.token(
                SymmetricKey.seeded(.tdes2Key, 1), header: header, for: TR34Vectors.certificate("krd2048"),
                freshness: time)
        }
        guard case .header(.tooLong) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func longHeadersTravel() throws {
        let sender = try TR34Vectors.sender(.cms)
        let receiver = try TR34Vectors.certificate("krd2048")
        for count in [90, 200, 251, 252, 1000, 9_000] {
            let block = try #require(OptionalBlock(.label, data: String(repeating: "x", count: count)))
            let header = TR34RoundTripTests.header(.tdes2Key, optionalBlocks: [block])
            let token = try sender.token(
                SymmetricKey.seeded(.tdes2Key, 1), header: header, for: receiver, freshness: time)
            let opened = try TR34.open(
                UnverifiedTR34Token(token), with: DecryptionKey(TR34Vectors.privateKey("krd2048")), own: receiver,
                sender: sender.certificate, nonce: nil)
            #expect(opened.header.optionalBlocks == [block])
        }
    }

    @Test func timesAreWrittenAndRead() throws {
        let sender = try TR34Vectors.sender(.cms)
        let receiver = try TR34Vectors.certificate("krd2048")
        for year in [1950, 1999, 2000, 2026, 2049, 2050, 9999] {
            let moment = try #require(Moment(year: year, month: 2, day: 28, hour: 23, minute: 59, second: 58))
            let token = try sender.token(
                SymmetricKey.seeded(.tdes2Key, 1), header: TR34RoundTripTests.header(.tdes2Key), for: receiver,
                freshness: .signingTime(moment))
            #expect(try UnverifiedTR34Token(token).freshness == .signingTime(moment))
        }
        let never = Moment(secondsSince1970: .max)
        #expect(throws: TR34Error.unwritableTime(never)) {
            _ = try sender.token(
                SymmetricKey.seeded(.tdes2Key, 1), header: TR34RoundTripTests.header(.tdes2Key), for: receiver,
                freshness: .signingTime(never))
        }
    }

    @Test func noncesArePartOfTheQuestion() throws {
        let key = DecryptionKey(try TR34Vectors.privateKey("krd3072"))
        let own = try TR34Vectors.certificate("krd3072")
        let sender = try TR34Vectors.certificate("kdh")
        let twoPass = try TR34Vectors.token("accept/cms-2pass-n8-aes128-bdk.der")
        #expect(throws: TR34Error.nonceUnexpected) {
            _ = try TR34.open(twoPass, with: key, own: own, sender: sender, nonce: nil).takeKey()
        }
        #expect(throws: TR34Error.nonceMismatch) {
            _ = try TR34.open(twoPass, with: key, own: own, sender: sender, nonce: .random()).takeKey()
        }
        let onePass = try TR34Vectors.token("accept/cms-1pass-tdes2-ik.der")
        #expect(throws: TR34Error.nonceMissing) { try TR34.verify(onePass, sender: sender, nonce: TR34Vectors.nonce) }
    }

    @Test func aTokenIsForOneReceiver() throws {
        let token = try TR34Vectors.token("accept/cms-1pass-tdes2-ik.der")
        let error = try #require(throws: TR34Error.self) {
            _ = try TR34.open(
                token, with: DecryptionKey(TR34Vectors.privateKey("krd3072")), own: TR34Vectors.certificate("krd3072"),
                sender: TR34Vectors.certificate("kdh"), nonce: nil
            ).takeKey()
        }
        guard case .otherRecipient(let found) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(found.contains("TR34 Test CA KRD"))
    }

    @Test func aCheckOfAnotherTokenFails() throws {
        let sender = try TR34Vectors.sender(.cms)
        let receiver = try TR34Vectors.certificate("krd2048")
        let header = TR34RoundTripTests.header(.tdes2Key)
        let token = try sender.token(
            SymmetricKey.seeded(.tdes2Key, 1), header: header, for: receiver, freshness: time)
        var other = header
        other.keyUsage = .baseDerivationKey
        #expect(throws: TR34Error.notAsMade) {
            try sender.checkOpens(token, header: other, for: receiver, freshness: time)
        }
        #expect(throws: TR34Error.self) {
            try sender.checkOpens(token, header: header, for: TR34Vectors.certificate("krd3072"), freshness: time)
        }
        #expect(throws: TR34Error.signatureMismatch) {
            try sender.checkOpens(token.dropLast() + [0], header: header, for: receiver, freshness: time)
        }
    }

    @Test(arguments: [("A1B2C3D4E5F60718", true), ("a1b2c3d4e5f60718", true), ("A1B2C3D4E5F607", false), ("", false)])
    func noncesAreEightToSixteenBytes(text: String, isNonce: Bool) {
        #expect((TR34Nonce(text) != nil) == isNonce)
        #expect(TR34Nonce(String(repeating: "0", count: 32)) != nil)
        #expect(TR34Nonce(String(repeating: "0", count: 34)) == nil)
    }
}
