import PaymentCrypto

/// Keys and authorities that many tests share: making RSA keys takes time.
enum TestAuthority {
    static let start = Moment(secondsSince1970: 1_767_225_600)  // 2026-01-01
    static let now = Moment(secondsSince1970: 1_780_272_000)  // 2026-06-01
    static let end = Moment(secondsSince1970: 1_798_761_600)  // 2027-01-01

    /// The root of keys that receive.
    static func receiving() throws -> CertificateAuthority { try receivers.get() }
    /// The root of keys that sign.
    static func signing() throws -> CertificateAuthority { try signers.get() }
    /// A device's key.
    static func deviceKey() throws -> RSAPublicKey { try device.get() }

    private static let receivers = Result { try make("/O=Test/CN=Receiving CA") }
    private static let signers = Result { try make("/O=Test/CN=Signing CA") }
    private static let device = Result { try RSAPrivateKey.generate(.rsa2048).publicKey }

    private static func make(_ name: String) throws -> CertificateAuthority {
        let key = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        return CertificateAuthority(
            key: key,
            certificate: try CertificateAuthority.selfSigned(
                key: key, subject: DistinguishedName(name), from: start, to: end))
    }
}

extension CertificateAuthority {
    /// A device's certificate for `now`, unless said otherwise.
    func issueToDevice(
        _ name: String = "/O=Test/CN=Device 1", purpose: CertificatePurpose = .keyReceiving,
        from: Moment = TestAuthority.start, to: Moment = TestAuthority.end
    ) throws -> Certificate {
        try issue(
            to: TestAuthority.deviceKey(), subject: DistinguishedName(name), purpose: purpose, from: from, to: to)
    }
}
