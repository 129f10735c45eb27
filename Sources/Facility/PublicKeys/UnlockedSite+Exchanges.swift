import PaymentCrypto
internal import Synchronization

extension UnlockedSite {
    /// Ends an exchange, over or not: its key pair goes for ever, and its certificate is revoked.
    public func endExchange(_ token: KeyName) throws(FacilityError) -> RSAKeyEntry {
        var ended: RSAKeyEntry?
        try change { (keyring: inout Keyring) throws(FacilityError) in
            let key = try keyring.exchange(token).key
            keyring.revokeCertificate(of: key, at: .now)
            try keyring.remove(token)
            ended = key
        }
        guard let ended else { throw .exchangeMissing(token) }
        return ended
    }
}

extension Keyring {
    /// Removes the private keys of exchanges that are over; what else is known of them stays.
    ///
    /// - Returns: the tokens.
    mutating func removeKeysOfOverExchanges(at now: Moment) throws(FacilityError) -> [KeyName] {
        let over = exchanges.filter { $0.place == .keyring && $0.exchange?.isOver(at: now) ?? false }.map(\.name)
        for token in over {
            try update(token) { key in
                key.keyBlock = nil
                key.place = .removed
            }
        }
        return over
    }
}

/// Exchanges that were over when the keyring was changed, for the event that is recorded next.
final class OverExchanges: Sendable {
    private let tokens = Mutex<[KeyName]>([])

    func note(_ new: [KeyName]) { tokens.withLock { $0 += new } }

    func take() -> [KeyName] {
        tokens.withLock { tokens in
            defer { tokens = [] }
            return tokens
        }
    }
}
