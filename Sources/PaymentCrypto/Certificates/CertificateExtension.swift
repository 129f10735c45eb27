// Extension ::= SEQUENCE { OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, OCTET STRING }; see RFC 5280, 4.2.
enum CertificateExtension {
    /// An authority that issues to holders of keys, and to no other authority; see RFC 5280, 4.2.1.9.
    static let authority = make(
        0x13, isCritical: true,
        DEREncoding.sequence([DERTag.boolean, 1, 0xFF], DEREncoding.integer(CollectionOfOne(0))))

    /// The holder of a key: CA:FALSE is the default, which DER leaves out.
    static let holder = make(0x13, isCritical: true, DEREncoding.sequence())

    /// keyCertSign and cRLSign; see RFC 5280, 4.2.1.3.
    static let authorityUsage = make(0x0F, isCritical: true, [DERTag.bitString, 2, 1, 0x06])

    static func usage(_ purpose: CertificatePurpose) -> [UInt8] {
        switch purpose {
        case .signing: make(0x0F, isCritical: true, [DERTag.bitString, 2, 7, 0x80])
        case .keyReceiving: make(0x0F, isCritical: true, [DERTag.bitString, 2, 5, 0x20])
        }
    }

    static func subjectKey(_ key: RSAPublicKey) -> [UInt8] {
        make(0x0E, isCritical: false, DEREncoding.octetString(identifier(of: key)))
    }

    static func authorityKey(_ key: RSAPublicKey) -> [UInt8] {
        make(0x23, isCritical: false, DEREncoding.sequence(DEREncoding.element(0x80, identifier(of: key))))
    }

    /// The number of a revocation list; see RFC 5280, 5.2.3.
    static func listNumber(_ number: UInt64) -> [UInt8] {
        make(0x14, isCritical: false, DEREncoding.integer(withUnsafeBytes(of: number.bigEndian, Array.init)))
    }

    /// The leftmost 160 bits of SHA-256 over the key; see RFC 7093, 2, method 4.
    private static func identifier(of key: RSAPublicKey) -> [UInt8] {
        Array(ContentDigest.sha256(key.subjectPublicKeyInfo).prefix(20))
    }

    /// id-ce is 2.5.29: 55 1D.
    private static func make(_ number: UInt8, isCritical: Bool, _ value: [UInt8]) -> [UInt8] {
        DEREncoding.sequence(
            [0x06, 3, 0x55, 0x1D, number], isCritical ? [DERTag.boolean, 1, 0xFF] : [], DEREncoding.octetString(value))
    }
}
