import PaymentCrypto

/// A sender with a key of one size, and one receiver.
struct Fixture {
    let sender: TR34Sender
    let receiver: Certificate
    let signingKey: SigningKey
    let time: Moment
    private let key: Key

    /// A key that is not copied with the fixture.
    private final class Key: Sendable {
        let value: SymmetricKey

        init() throws { value = try SymmetricKey.random(.tdes2Key) }
    }

    init(size: RSAKeySize) throws {
        // When does not matter: nothing is checked here.
        key = try Key()
        time = Moment(secondsSince1970: 1_800_000_000)
        let end = Moment(secondsSince1970: time.secondsSince1970 + 86_400)
        signingKey = SigningKey(try RSAPrivateKey.generate(size))
        let authorityKey = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        let authority = CertificateAuthority(
            key: authorityKey,
            certificate: try CertificateAuthority.selfSigned(
                key: authorityKey, subject: DistinguishedName("/O=Benchmark/CN=Authority"), from: time, to: end))
        let certificate = try authority.issue(
            to: signingKey.publicKey, subject: DistinguishedName("/O=Benchmark/CN=Sender"), purpose: .signing,
            from: time, to: end)
        receiver = try authority.issue(
            to: RSAPrivateKey.generate(.rsa2048).publicKey, subject: DistinguishedName("/O=Benchmark/CN=Receiver"),
            purpose: .keyReceiving, from: time, to: end)
        sender = try TR34Sender(
            profile: .aws2012, signingKey: signingKey, certificate: certificate, revocationList: nil)
    }

    /// One token with a TDES key and a serial number in its header, as for a terminal.
    func makeToken(_ number: Int) throws -> Int {
        let digits = String(number, radix: 16, uppercase: true)
        let serialNumber = String(repeating: "0", count: max(0, 20 - digits.count)) + digits
        let block = OptionalBlock(.keySerialNumber, data: serialNumber)
        let header = KeyBlockHeader(
            version: .b, keyUsage: .initialDUKPTKey, algorithm: .tdea, optionalBlocks: [block].compactMap(\.self))
        return try sender.token(key.value, header: header, for: receiver, freshness: .signingTime(time)).count
    }

    /// One bare signature.
    func makeSignature(_ message: [UInt8]) throws -> Int { try signingKey.sign(message).count }
}
