import PaymentCrypto

extension UnlockedSite {
    /// Ends an exchange, over or not: its key pair goes for ever, and its certificate is revoked.
    public func endExchange(_ token: KeyName, recording event: inout AuditEvent) throws(FacilityError) {
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            let key = try keyring.exchange(token).key
            event.add(key)
            keyring.revokeCertificate(of: key, at: .now)
            try keyring.remove(token)
        }
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
