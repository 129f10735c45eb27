public import PaymentCrypto

extension UnlockedSite {
    /// Begins an exchange: makes the key pair and its certificate, under a new token, in one change of the keyring.
    public func beginExchange(
        _ direction: Exchange.Direction, _ material: Exchange.Material, _ size: RSAKeySize, days: Int,
        recording event: inout AuditEvent
    ) throws(FacilityError) -> RSAKeyEntry {
        guard let token = Self.makeToken(direction.prefix) else { throw .internalFault("a token that is no name") }
        let nonce = direction == .import && material == .tr34 ? Self.makeNonce() : nil
        let exchange = Exchange(
            direction: direction, material: material, expires: Moment.now.adding(days: days), nonce: nonce)
        var entry = try makeEntry(
            size, NewRSAKey(name: token, usage: direction.usage, origin: "exchange"), exchange: exchange)
        event.add(entry)
        event.add(fact: "valid_until", exchange.expires.description)
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            entry.chain = try issueCertificate(for: entry, until: exchange.expires, in: &keyring)
            entry.isIssuedByOwnAuthority = true
            event.add(certificate: entry)
            try keyring.add(entry)
        }
        return entry
    }

    /// 24 letters and digits, which no two exchanges draw; AWS has 16 to 64.
    private static func makeToken(_ prefix: String) -> KeyName? {
        let alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
        return KeyName(prefix + String((0..<24).compactMap { _ in alphabet.randomElement() }))
    }

    /// Eight bytes of the operating system's generator, which TR-34 tokens bring back.
    private static func makeNonce() -> String {
        Hexadecimal.text((0..<8).map { _ in UInt8.random(in: .min ... .max) })
    }
}
