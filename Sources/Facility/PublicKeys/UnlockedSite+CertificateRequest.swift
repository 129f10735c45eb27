public import PaymentCrypto

extension UnlockedSite {
    /// A certificate request, which the key itself signs, whatever it is for.
    public func certificateRequest(
        for entry: RSAKeyEntry, subject: DistinguishedName, tokens: any TokenKeys
    ) throws -> CertificateRequest {
        try FacilityError.converting { try entry.check(entry.usage) }
        try checkSize(of: entry.name, entry.size)
        let key = try anySigningKey(entry, tokens: tokens)
        return try FacilityError.converting { try CertificateRequest.make(for: key, subject: subject) }
    }
}
