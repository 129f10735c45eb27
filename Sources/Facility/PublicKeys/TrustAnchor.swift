public import PaymentCrypto

/// A CA that the site trusts in one role, and in no other.
public struct TrustAnchor: Sendable {
    /// The name that it was enrolled under.
    public let name: KeyName
    /// Whose certificates it vouches for.
    public let role: TrustRole
    /// The root, or the intermediate CA that is trusted by itself.
    public let certificate: Certificate
    /// CAs below it that were enrolled with it.
    public let intermediates: [Certificate]
    /// When it was enrolled, UTC.
    public let created: String
    /// What changes while the certificate does not.
    public internal(set) var annotations = KeyAnnotations()
}

extension TrustAnchor {
    /// An anchor as text, member by member.
    struct Member: Codable, Sendable {
        var name: String
        var role: TrustRole
        var certificate: String
        var intermediates: [String]?
        var created: String
        var tags: [String: String]?
        var retired: Retirement?
    }

    var member: Member {
        Member(
            name: name.description, role: role, certificate: Base64.text(certificate.der),
            intermediates: intermediates.isEmpty ? nil : intermediates.map { Base64.text($0.der) }, created: created,
            tags: annotations.tags.isEmpty ? nil : annotations.tags, retired: annotations.retirement)
    }

    /// Nil where the members are none that this tool writes.
    init?(_ member: Member) {
        let texts = member.intermediates ?? []
        let intermediates = texts.compactMap { Certificate(base64: $0) }
        guard let name = KeyName(member.name), let certificate = Certificate(base64: member.certificate),
            intermediates.count == texts.count
        else { return nil }
        self.init(
            name: name, role: member.role, certificate: certificate, intermediates: intermediates,
            created: member.created)
        annotations.tags = member.tags ?? [:]
        annotations.retirement = member.retired
    }
}

extension Keyring {
    /// Every anchor that is in use in a role.
    public func anchors(for role: TrustRole) -> [TrustAnchor] {
        anchors.filter { $0.role == role && $0.annotations.retirement == nil }
    }

    /// The anchor of this name, for a role; refused in another one, and once it is retired.
    public func anchor(_ name: KeyName, for role: TrustRole) throws(FacilityError) -> TrustAnchor {
        let anchor = try anchor(name)
        if let retirement = anchor.annotations.retirement { throw .role(.retired(name, retirement)) }
        guard anchor.role == role else { throw .anchorRole(name, expected: role, found: anchor.role) }
        return anchor
    }

    /// The anchor of this name.
    public func anchor(_ name: KeyName) throws(FacilityError) -> TrustAnchor {
        if let anchor = anchors.first(where: { $0.name == name }) { return anchor }
        throw kind(of: name).map { .otherKind(name, expected: .anchor, found: $0) } ?? .anchorMissing(name)
    }
}
