public import Facility
import PaymentCrypto

/// What takes a key to its receiver, with everything checked that needs no passphrase.
public enum ExportCarrier: Sendable {
    /// A key of the site that wraps it.
    case keyBlock(under: KeyringEntry)
    /// A token that this key of the site signs.
    case token(TokenRoute, signer: RSAKeyEntry)
    /// Nothing but the receiver's key.
    case cryptogram(CryptogramRoute)

    /// Finds the keys of a route and checks the receiver.
    ///
    /// - Throws: `FacilityError` for a key or anchor that is missing or unfit, `HeldCertificateError` for a receiver
    ///   that cannot be trusted, `ProvisioningError.refused` where the receiver's key is weaker than the key.
    init(_ route: ExportRoute, for entry: KeyringEntry, in site: Site, _ keyring: Keyring, at time: Moment) throws {
        switch route {
        case .keyBlock(let name):
            let wrapping = try keyring.entry(name)
            do throws(KeyRoleError) { try wrapping.check(.wrapping) } catch { throw FacilityError.role(error) }
            guard entry.name != wrapping.name else {
                throw ProvisioningError.refused("key '\(entry.name)': a key is not wrapped under itself")
            }
            self = .keyBlock(under: wrapping)
        case .token(let token):
            try Self.check(token.recipient, token.trust, entry, in: site, keyring, at: time)
            self = .token(token, signer: try token.signer.entry(in: keyring, at: time))
        case .cryptogram(let cryptogram):
            try Self.check(cryptogram.recipient, cryptogram.trust, entry, in: site, keyring, at: time)
            self = .cryptogram(cryptogram)
        }
    }

    /// The certificate before the key in it: nothing is said of the strength of a key that nobody vouches for.
    private static func check(
        _ recipient: Certificate, _ trust: CertificateTrust, _ entry: KeyringEntry, in site: Site, _ keyring: Keyring,
        at time: Moment
    ) throws {
        try trust.check(recipient, of: .krd, in: site, keyring, at: time)
        let (wrapped, bits) = (entry.effectiveAlgorithm, recipient.publicKey.bitCount)
        guard KeyStrength.permits(wrapping: wrapped, underRSA: bits) else {
            throw ProvisioningError.refused(
                "key '\(entry.name)': a key of \(wrapped.reportName) is not wrapped under the weaker RSA key of \(bits) bits"
            )
        }
    }
}
