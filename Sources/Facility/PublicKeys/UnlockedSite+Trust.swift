public import PaymentCrypto

extension UnlockedSite {
    /// Enrols a CA for one role: the root of a bundle or its topmost CA, and what is below it.
    public func trust(
        _ certificates: [Certificate], as name: KeyName, for role: TrustRole, recording event: inout AuditEvent
    ) throws(FacilityError) -> TrustAnchor {
        let now = Moment.now
        for certificate in certificates { try checkAuthority(certificate, at: now) }
        let top = try FacilityError.converting { try CertificateChain.top(of: certificates) }
        let anchor = TrustAnchor(
            name: name, role: role, certificate: top, intermediates: certificates.filter { $0 != top },
            created: now.description)
        event.add(anchor)
        try change(recording: &event) { (keyring: inout Keyring, _) throws(FacilityError) in
            if let other = keyring.anchors(for: role).first(where: { $0.certificate == top }) {
                throw .anchorIsEnrolled(as: other.name)
            }
            try keyring.add(anchor)
        }
        return anchor
    }

    private func checkAuthority(_ certificate: Certificate, at now: Moment) throws(FacilityError) {
        guard certificate.isAuthority else { throw .certificate(.notAuthority) }
        guard now >= certificate.notBefore else { throw .certificate(.notYetValid(notBefore: certificate.notBefore)) }
        guard now <= certificate.notAfter else { throw .certificate(.expired(notAfter: certificate.notAfter)) }
        let (found, minimum) = (certificate.publicKey.bitCount, site.settings.minimumRSA.bitCount)
        guard found >= minimum else { throw .certificate(.tooSmall(bitCount: found, minimum: minimum)) }
    }
}
