import Dispatch
import Testing

@testable import PaymentCrypto

/// Tokens that are made here, opened here: every profile, pass, key and RSA size.
@Suite struct TR34RoundTripTests {
    static let time = Moment(secondsSince1970: TR34Vectors.time.secondsSince1970 + 12345)

    static func freshnesses() -> [TR34Freshness] {
        [8, 14, 15, 16].compactMap { TR34Nonce(bytes: Array(repeating: 0xA5, count: $0)) }.map(TR34Freshness.nonce)
            + [.signingTime(time)]
    }

    static func header(_ algorithm: KeyAlgorithm, optionalBlocks: [OptionalBlock] = []) -> KeyBlockHeader {
        KeyBlockHeader(
            version: algorithm.isTDES ? .b : .d, keyUsage: .initialDUKPTKey, algorithm: KeyBlockAlgorithm(algorithm),
            optionalBlocks: optionalBlocks)
    }

    @Test(arguments: TR34Profile.allCases)
    func everyTokenOpens(profile: TR34Profile) throws {
        let sender = try TR34Vectors.sender(profile)
        let label = OptionalBlock(.label, data: "till 4")
        for (receiver, algorithms) in [
            ("krd2048", [KeyAlgorithm.tdes2Key, .tdes3Key]), ("krd3072", [.tdes2Key, .aes128]), ("krd4096", [.aes128]),
        ] {
            let certificate = try TR34Vectors.certificate(receiver)
            let decryptionKey = DecryptionKey(try TR34Vectors.privateKey(receiver))
            for algorithm in algorithms {
                for freshness in Self.freshnesses() {
                    for blocks in [[], [label].compactMap(\.self)] {
                        let header = Self.header(algorithm, optionalBlocks: blocks)
                        let key = SymmetricKey.seeded(algorithm, 7)
                        let token = try sender.token(key, header: header, for: certificate, freshness: freshness)
                        try sender.checkOpens(token, header: header, for: certificate, freshness: freshness)
                        let opened = try Self.open(token, decryptionKey, certificate, sender, freshness)
                        let (found, deviations) = (opened.header, opened.deviations)
                        #expect(opened.profile == profile)
                        #expect(opened.freshness == freshness)
                        #expect(found.optionalBlocks == blocks && found.keyUsage == .initialDUKPTKey)
                        #expect(deviations.isEmpty, "\(deviations)")
                        let taken = opened.takeKey()
                        let isSame = taken.isEqual(to: key)
                        #expect(isSame)
                    }
                }
            }
        }
    }

    private static func open(
        _ token: [UInt8], _ key: DecryptionKey, _ certificate: Certificate, _ sender: TR34Sender,
        _ freshness: TR34Freshness
    ) throws -> OpenedTR34Token {
        let nonce: TR34Nonce? = if case .nonce(let nonce) = freshness { nonce } else { nil }
        return try TR34.open(
            UnverifiedTR34Token(token), with: key, own: certificate, sender: sender.certificate, nonce: nonce)
    }

    /// What ../shared/tr34.md and the known answers have in common, to the byte: all but what is random.
    @Test func theHeaderIsThatOfTheKnownAnswers() throws {
        let certificate = try TR34Vectors.certificate("krd3072")
        let sender = try TR34Vectors.sender(.aws2012)
        let serialNumber = try #require(OptionalBlock(.keySerialNumber, data: "00604B120F9292800000"))
        let header = Self.header(.aes128, optionalBlocks: [serialNumber])
        let token = try sender.token(
            SymmetricKey.seeded(.aes128, 1), header: header, for: certificate, freshness: .signingTime(Self.time))
        #expect(try UnverifiedTR34Token(token).headerText == "D0136B1AX00N0100KS1800604B120F9292800000")
    }

    @Test(arguments: [TR34Profile.aws2012, .x9v2012, .x9v2019, .cms])
    func aTokenHasTheBytesOfAKnownAnswer(profile: TR34Profile) throws {
        let known = try TR34Vectors.bytes("accept/\(profile)-2pass-n16-aes128-ik.der")
        let read = try UnverifiedTR34Token(known)
        let made = try TR34Vectors.sender(profile).token(
            SymmetricKey.seeded(.aes128, 1), header: read.header, for: TR34Vectors.certificate("krd3072"),
            freshness: read.freshness)
        let ours = try UnverifiedTR34Token(made)
        #expect(Self.blanked(made, ours) == Self.blanked(known, read))
    }

    /// A token with everything random replaced by zeros: content key, vector, content, digest, signature.
    private static func blanked(_ der: [UInt8], _ token: UnverifiedTR34Token) -> [UInt8] {
        let content = token.envelope.encryptedContent
        return [
            token.envelope.recipient.encryptedKey, content.initialisationVector, content.encryptedContent,
            token.signedAttributes.messageDigest, token.signature,
        ].reduce(der) { $0.replacing($1, with: [UInt8](repeating: 0, count: $1.count)) }
    }

    @Test func contentKeysAndVectorsAreFresh() throws {
        let sender = try TR34Vectors.sender(.cms)
        let certificate = try TR34Vectors.certificate("krd2048")
        let key = SymmetricKey.seeded(.tdes2Key, 1)
        var seen: Set<[UInt8]> = []
        for _ in 0..<20 {
            let token = try UnverifiedTR34Token(
                sender.token(
                    key, header: Self.header(.tdes2Key), for: certificate, freshness: .signingTime(Self.time)))
            seen.insert(token.envelope.recipient.encryptedKey)
            seen.insert(token.envelope.encryptedContent.initialisationVector)
            seen.insert(token.envelope.encryptedContent.encryptedContent)
        }
        #expect(seen.count == 60)
    }

    @Test func workersShareASender() throws {
        let sender = try TR34Vectors.sender(.aws2012)
        let certificate = try TR34Vectors.certificate("krd2048")
        let decryptionKey = DecryptionKey(try TR34Vectors.privateKey("krd2048"))
        DispatchQueue.concurrentPerform(iterations: 64) { index in
            let nonce = TR34Nonce(bytes: Array(repeating: UInt8(index), count: 8))
            guard let nonce else { return }
            let header = Self.header(.tdes2Key)
            let key = SymmetricKey.seeded(.tdes2Key, UInt64(index))
            do {
                let token = try sender.token(key, header: header, for: certificate, freshness: .nonce(nonce))
                let opened = try Self.open(token, decryptionKey, certificate, sender, .nonce(nonce))
                let taken = opened.takeKey()
                let isSame = taken.isEqual(to: key)
                #expect(isSame)
            } catch {
                Issue.record("\(index): \(error)")
            }
        }
    }
}
