import PaymentCrypto

/// One of the site's own CAs, with its list of revoked certificates.
///
/// When it runs out another one takes its place; it stays, since certificates that it issued may be in use.
struct SiteAuthority: Sendable {
    let role: TrustRole
    let certificate: Certificate
    /// The private key under the master key.
    let keyBlock: String
    /// The number of the latest list (RFC 5280, 5.2.3).
    var listNumber: UInt64 = 0
    /// The latest list in DER; nil where it has to be made anew.
    var list: [UInt8]?
    var revoked: [Revocation] = []

    struct Revocation: Sendable {
        /// Upper-case hexadecimal.
        let serialNumber: String
        let date: Moment
    }

    /// X9.143:2021, 6.3.1, table 2: S1 is the key of a CA.
    static let header = KeyBlockHeader(
        version: .d, keyUsage: .certificateAuthority, algorithm: .rsa, modeOfUse: .sign)

    mutating func revoke(_ certificate: Certificate, at date: Moment) {
        guard !revoked.contains(where: { $0.serialNumber == certificate.serialNumber }) else { return }
        revoked.append(Revocation(serialNumber: certificate.serialNumber, date: date))
        list = nil
    }
}

extension SiteAuthority {
    /// An authority as text, member by member.
    struct Member: Codable, Sendable {
        var role: TrustRole
        var certificate: String
        var keyBlock: String
        var listNumber: UInt64
        var list: String?
        var revoked: [RevocationMember]?

        enum CodingKeys: String, CodingKey {
            case role, certificate, revoked
            case keyBlock = "key_block"
            case listNumber = "crl_number"
            case list = "crl"
        }
    }

    struct RevocationMember: Codable, Sendable {
        var serialNumber: String
        var date: String

        enum CodingKeys: String, CodingKey {
            case date
            case serialNumber = "serial_number"
        }
    }

    var member: Member {
        Member(
            role: role, certificate: Base64.text(certificate.der), keyBlock: keyBlock, listNumber: listNumber,
            list: list.map { Base64.text($0) },
            revoked: revoked.isEmpty
                ? nil
                : revoked.map { RevocationMember(serialNumber: $0.serialNumber, date: $0.date.description) })
    }

    /// Nil where the members are none that this tool writes.
    init?(_ member: Member) {
        guard let certificate = Certificate(base64: member.certificate),
            (try? UnverifiedKeyBlock(member.keyBlock))?.header == Self.header
        else { return nil }
        self.init(
            role: member.role, certificate: certificate, keyBlock: member.keyBlock, listNumber: member.listNumber)
        if let text = member.list {
            guard let list = Base64.bytes(text) else { return nil }
            self.list = list
        }
        let members = member.revoked ?? []
        revoked = members.compactMap { member in
            Moment(member.date).map { Revocation(serialNumber: member.serialNumber, date: $0) }
        }
        guard revoked.count == members.count else { return nil }
    }
}

extension Keyring {
    /// Puts the certificate of a key on its issuer's list, where that is one of the site's own CAs.
    mutating func revokeCertificate(of entry: RSAKeyEntry, at now: Moment) {
        guard entry.isIssuedByOwnAuthority, let certificate = entry.certificate, certificate.notAfter > now,
            let issuer = entry.chain.dropFirst().first,
            let index = authorities.firstIndex(where: { $0.certificate == issuer })
        else { return }
        authorities[index].revoke(certificate, at: now)
    }
}
