public import Facility
public import PaymentCrypto

/// Whom a certificate must descend from, and how it is found out that it was revoked, as a command was told.
public struct CertificateTrust: Sendable {
    /// Where the chain ends.
    public enum Anchor: Sendable {
        /// At a certificate that the site has enrolled.
        case enrolled(KeyName)
        /// At the root of these, of which the others are intermediates; a production site takes none such.
        case given([Certificate])
    }

    /// Where the chain ends.
    public var anchor: Anchor
    /// The lists of the chain's authorities, or that nobody looks.
    public var revocation: CertificateValidator.Revocation

    /// What a command was told.
    public init(_ anchor: Anchor, revocation: CertificateValidator.Revocation) {
        (self.anchor, self.revocation) = (anchor, revocation)
    }

    /// What checks certificates of one role against this, at one time.
    ///
    /// - Throws: `FacilityError` for an anchor that is not enrolled or that production does not take, and
    ///   `CertificateError` for anchors and lists that are of no use.
    public func validator(
        for role: TrustRole, in site: Site, _ keyring: Keyring, at time: Moment
    ) throws -> CertificateValidator {
        let (anchors, intermediates) = try certificates(for: role, site.environment, keyring)
        return try CertificateValidator(
            anchors: anchors, intermediates: intermediates, revocation: revocation, purpose: role.purpose, at: time,
            minimum: site.settings.minimumRSA)
    }

    /// Refuses the certificate of the other side, whose role this is, unless everything about it is in order.
    ///
    /// - Throws: `HeldCertificateError` for the certificate, and what ``validator(for:in:_:at:)`` throws.
    public func check(
        _ certificate: Certificate, of role: TrustRole, in site: Site, _ keyring: Keyring, at time: Moment
    ) throws {
        let validator = try validator(for: role, in: site, keyring, at: time)
        do throws(CertificateError) { try validator.validate(certificate) } catch {
            throw HeldCertificateError(holder: CertificateHolder(role, certificate), error: error)
        }
    }

    private func certificates(
        for role: TrustRole, _ environment: SiteEnvironment, _ keyring: Keyring
    ) throws -> (anchors: [Certificate], intermediates: [Certificate]) {
        switch anchor {
        case .enrolled(let name):
            let anchor = try keyring.anchor(name, for: role)
            let others = keyring.anchors(for: role).filter { $0.name != name }
            return ([anchor.certificate], anchor.intermediates + others.flatMap { [$0.certificate] + $0.intermediates })
        case .given(let certificates):
            guard environment == .test else { throw FacilityError.policy(.anchorNotEnrolled) }
            let roots = certificates.filter(\.isSelfIssued)
            // A bundle without a root ends at whichever of its certificates no other one has issued.
            let tops = certificates.filter { one in
                !certificates.contains { $0 != one && $0.subject == one.issuer }
            }
            let anchors = roots.isEmpty ? tops : roots
            return (anchors, certificates.filter { !anchors.contains($0) })
        }
    }
}
