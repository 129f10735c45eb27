public import PaymentCrypto

extension UnlockedSite {
    /// Takes the certificate of an RSA key and the chain above it, in any order.
    ///
    /// They must belong to the key and to each other, be in their dates, and permit what the key is for.
    public func install(
        _ certificates: [Certificate], for name: KeyName, recording event: inout AuditEvent
    ) throws(FacilityError) -> RSAKeyEntry {
        var installed: RSAKeyEntry?
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            let entry = try keyring.rsaKey(name)
            try entry.check(entry.usage)
            let chain = try FacilityError.converting {
                let chain = try CertificateChain.ordered(certificates, of: entry.publicKey, named: name)
                try CertificateChain.check(
                    chain, for: entry.usage.purpose, at: .now, minimum: site.settings.minimumRSA)
                return chain
            }
            keyring.revokeCertificate(of: entry, at: .now)
            try keyring.update(name) { key in
                key.chain = chain
                key.isIssuedByOwnAuthority = false
            }
            let changed = try keyring.rsaKey(name)
            event.add(changed)
            event.add(certificate: changed)
            installed = changed
        }
        guard let installed else { throw .keyMissing(name) }
        return installed
    }
}

extension CertificateChain {
    /// Whether the topmost one vouches for the first one.
    static func check(
        _ chain: [Certificate], for purpose: CertificatePurpose, at now: Moment, minimum: RSAKeySize
    ) throws(CertificateError) {
        let validator = try CertificateValidator(
            anchors: Array(chain.suffix(1)), intermediates: Array(chain.dropFirst().dropLast()),
            revocation: .unchecked, purpose: purpose, at: now, minimum: minimum)
        if let leaf = chain.first { _ = try validator.validate(leaf) }
    }
}
