public import PaymentCrypto

extension UnlockedSite {
    /// The certificate of an RSA key and the chain above it.
    ///
    /// What was installed is given as it is; where nothing was, the site's own CA for that role issues a certificate
    /// now, which is kept, and another one when that has run out. That is an event of its own in the audit log.
    ///
    /// - Parameter operators: whose doing it is.
    public func certificateChain(
        of entry: RSAKeyEntry, operators: [OperatorName]
    ) throws(FacilityError) -> [Certificate] {
        let now = Moment.now
        guard entry.needsCertificate(at: now) else { return entry.chain }
        try entry.check(entry.usage, at: now)
        var chain: [Certificate] = []
        var event = AuditEvent("certificate issue")
        event.operators = operators.map(\.description)
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            let current = try keyring.rsaKey(entry.name)
            guard current.publicKey == entry.publicKey else { throw .keyMissing(entry.name) }
            chain = try issueCertificate(for: current, until: now.adding(days: Self.certificateDays), in: &keyring)
            try keyring.update(entry.name) { key in
                key.chain = chain
                key.isIssuedByOwnAuthority = true
            }
            let changed = try keyring.rsaKey(entry.name)
            event.add(changed)
            event.add(certificate: changed)
        }
        return chain
    }

    /// The list of revoked certificates that belongs to the certificate of an RSA key, made anew where it runs out.
    ///
    /// - Parameter operators: whose doing it is.
    /// - Returns: nil where the certificate is not the site's own: its issuer has the list.
    public func revocationList(
        of entry: RSAKeyEntry, operators: [OperatorName]
    ) throws(FacilityError) -> CertificateRevocationList? {
        guard entry.isIssuedByOwnAuthority, let issuer = entry.chain.dropFirst().first else { return nil }
        let now = Moment.now
        let known = try keyring().authorities.first { $0.certificate == issuer }
        if let der = known?.list, let list = try? CertificateRevocationList(der: der), list.isFresh(at: now) {
            return list
        }
        var event = AuditEvent("certificate revocation-list")
        event.operators = operators.map(\.description)
        var made: CertificateRevocationList?
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            guard let index = keyring.authorities.firstIndex(where: { $0.certificate == issuer }) else { return }
            let list = try makeList(for: &keyring.authorities[index], at: now)
            event.add(fact: "issuer", list.issuer)
            event.add(fact: "sha256", Hexadecimal.text(ContentDigest.sha256(list.der)).lowercased())
            made = list
        }
        return made
    }

    /// Makes a certificate for a key of the site; its issuer is made first where there is none.
    func issueCertificate(
        for entry: RSAKeyEntry, until end: Moment, in keyring: inout Keyring
    ) throws(FacilityError) -> [Certificate] {
        let now = Moment.now
        let issuer = try authority(for: entry.usage.role, until: end, at: now, in: &keyring)
        let authority = try open(issuer)
        let subject = try name(entry.name.description)
        let certificate = try FacilityError.converting {
            try authority.issue(
                to: entry.publicKey, subject: subject, purpose: entry.usage.purpose,
                from: max(now.adding(seconds: -Self.clockTolerance), issuer.certificate.notBefore), to: end)
        }
        return [certificate, issuer.certificate]
    }

    /// A year and a month: time enough to think of the next one.
    private static let certificateDays = 396
    private static let authorityDays = 3653
    private static let listDays = 30
    /// A partner's clock may be behind this machine's.
    private static let clockTolerance = 600
}

extension UnlockedSite {
    /// The site's CA for a role: the latest one, or a new one where that ends too early or is too small by now.
    private func authority(
        for role: TrustRole, until end: Moment, at now: Moment, in keyring: inout Keyring
    ) throws(FacilityError) -> SiteAuthority {
        let minimum = site.settings.minimumRSA.bitCount
        if let latest = keyring.authorities.last(where: { $0.role == role }), latest.certificate.notAfter >= end,
            latest.certificate.publicKey.bitCount >= minimum
        {
            return latest
        }
        var authority = try makeAuthority(role, at: now)
        _ = try makeList(for: &authority, at: now)
        keyring.authorities.append(authority)
        return authority
    }

    /// As large as the smallest key that it certifies: partners take no certificate that is weaker than its issuer.
    private func makeAuthority(_ role: TrustRole, at now: Moment) throws(FacilityError) -> SiteAuthority {
        let (block, publicKey) = try makeKeyBlock(site.settings.minimumRSA, SiteAuthority.header)
        let key = SigningKey(try openPrivateKey(block, of: publicKey))
        let digest = Hexadecimal.text(publicKey.digest?.bytes.prefix(4) ?? [])
        let environment = site.environment == .test ? "TEST " : ""
        let subject = try name("\(environment)ipek \(role == .kdh ? "KDH" : "KRD") CA \(digest)")
        let certificate = try FacilityError.converting {
            try CertificateAuthority.selfSigned(
                key: key, subject: subject, from: now.adding(seconds: -Self.clockTolerance),
                to: now.adding(days: Self.authorityDays))
        }
        return SiteAuthority(role: role, certificate: certificate, keyBlock: block)
    }

    private func makeList(
        for authority: inout SiteAuthority, at now: Moment
    ) throws(FacilityError) -> CertificateRevocationList {
        let issuer = try open(authority)
        let (number, revoked) = (authority.listNumber + 1, authority.revoked)
        let list = try FacilityError.converting {
            try issuer.revocationList(
                number: number, revoked: revoked.map { (serial: $0.serialNumber, moment: $0.date) },
                from: now.adding(seconds: -Self.clockTolerance), to: now.adding(days: Self.listDays))
        }
        (authority.listNumber, authority.list) = (number, list.der)
        return list
    }

    private func open(_ authority: SiteAuthority) throws(FacilityError) -> CertificateAuthority {
        let key = try openPrivateKey(authority.keyBlock, of: authority.certificate.publicKey)
        return CertificateAuthority(key: SigningKey(key), certificate: authority.certificate)
    }

    private func name(_ commonName: String) throws(FacilityError) -> DistinguishedName {
        do throws(DistinguishedNameError) { return try DistinguishedName("/CN=\(commonName)") } catch {
            throw .internalFault("\(error)")
        }
    }
}

extension CertificateRevocationList {
    /// Whether whoever gets it now has some days to use it.
    fileprivate func isFresh(at now: Moment) -> Bool { nextUpdate > now.adding(days: 7) }
}
