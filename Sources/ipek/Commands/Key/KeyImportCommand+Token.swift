import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

extension KeyImportCommand {
    func validateToken() throws {
        try receive.checkToken()
        guard components.usage == nil, components.algorithm == nil, header.isEmpty else {
            throw ValidationError("a token brings its own header: expected no usage, algorithm or header options")
        }
    }

    func importToken(_ file: String, _ keeper: KeyKeeper) throws {
        var keeper = keeper
        let sender = try TokenSender(receive)
        let input = try KeyMaterialFile(file)
        let material = try input.material(.token)
        keeper.stated = try input.statedCheckValue()
        let token = try FileRefusal.naming(file) { try UnverifiedTR34Token(material) }
        let site = try global.readSite()
        // What can be refused without a passphrase is refused before anybody is asked for one.
        _ = try receive.entry(in: try site.keyring(), at: .now)
        try sender.check(token, in: site, try site.keyring())
        let report = try global.audited("key import") { site, event in
            try take(token, from: sender, file: file, &keeper, in: site, &event)
        }
        try keeper.show(report)
    }

    private func take(
        _ token: UnverifiedTR34Token, from sender: TokenSender, file: String, _ keeper: inout KeyKeeper,
        in site: borrowing UnlockedSite, _ event: inout AuditEvent
    ) throws -> KeyReport {
        event.add(name)
        event.add(fact: "token", "\(token.digest)")
        event.add(fact: "profile", token.profile.rawValue)
        event.add(fact: "sender", "\(sender.certificate.sha256)")
        let keyring = try site.keyring()
        if let warning = try sender.check(token, in: site.site, keyring) {
            event.add(fact: "crl", "not checked")
            keeper.say(warning)
        }
        let entry = try receive.entry(in: keyring, at: .now)
        event.add(fact: "private key", entry.name.description)
        if let warning = token.warning(expecting: entry.exchange) { keeper.say(warning) }
        guard let own = try site.certificateChain(of: entry, operators: global.operators).first else {
            throw FacilityError.internalFault("a chain without a certificate")
        }
        let key = try site.decryptionKey(entry)
        let opened = try FileRefusal.naming(file) {
            try TR34.open(token, with: key, own: own, sender: sender.certificate, nonce: receive.nonce)
        }
        let new = UnlockedSite.NewKey(
            name: name, header: opened.header,
            origin: "TR-34 token (\(token.profile.rawValue)) from \(ShownText.line(sender.certificate.subject))")
        keeper.say(Message("a TR-34 token of the form \(token.profile.rawValue)", severity: .notice, file: file))
        for deviation in opened.deviations { keeper.say(try site.site.message(on: deviation, file: file)) }
        keeper.acceptance = try token.acceptance(from: sender.certificate)
        return try keeper.keep(opened.takeKey(), as: new, in: site, &event)
    }
}

extension Site {
    /// What to say of a token that is not quite as it should be; a production site refuses what came under a weaker key.
    fileprivate func message(on deviation: TR34Deviation, file: String) throws -> Message {
        guard !deviation.isWeakerTransport || environment == .test else {
            throw FacilityError.policy(.weakerTransport("\(deviation)"))
        }
        return Message(
            "\(deviation)", severity: .warning, file: file,
            hint: deviation.isWeakerTransport ? "a production site refuses it" : nil)
    }
}

extension UnverifiedTR34Token {
    /// What to say where the token does not bring back the number that the exchange gave out.
    ///
    /// It is no refusal: AWS sends tokens of one pass, and senders may choose the number.
    fileprivate func warning(expecting exchange: Exchange?) -> Message? {
        guard let expected = exchange?.nonce else { return nil }
        if case .nonce(let found) = freshness {
            guard "\(found)".uppercased() != expected.uppercased() else { return nil }
            return Message("expected the exchange's nonce \(expected) in the token, found \(found)", severity: .warning)
        }
        return Message("expected the exchange's nonce \(expected) in the token, found none", severity: .warning)
    }

    /// What the site remembers of the token, so that it comes in once.
    fileprivate func acceptance(from sender: Certificate) throws -> TokenAcceptance {
        guard let key = sender.publicKey.digest else { throw FacilityError.internalFault("a key without a digest") }
        switch freshness {
        case .nonce(let nonce):
            return TokenAcceptance(digest: signedDigest, nonce: "\(nonce)", sender: key, signingTime: nil)
        case .signingTime(let time):
            return TokenAcceptance(digest: signedDigest, nonce: nil, sender: key, signingTime: time)
        }
    }
}

/// Who sent a token, and whether that can be believed.
struct TokenSender {
    let certificate: Certificate
    private let options: ReceiveOptions

    init(_ options: ReceiveOptions) throws {
        self.options = options
        certificate = try CertificateFile(options.senderCertificate ?? "").leaf()
    }

    /// Refuses a sender whose certificate does not descend from the anchor, and whatever the token says of itself that
    /// does not suit.
    ///
    /// - Returns: what to say where no revocation list is looked at.
    @discardableResult
    func check(_ token: UnverifiedTR34Token, in site: Site, _ keyring: Keyring) throws -> Message? {
        let revocation = try revocation(token)
        let trust = CertificateTrust(
            try PublicKeyArguments.anchor(options.senderAuthority ?? "", in: keyring), revocation: revocation)
        try trust.check(certificate, of: .kdh, in: site, keyring, at: .now)
        guard case .unchecked = revocation else { return nil }
        return Message("no revocation list was looked at: the sender's certificate may be revoked", severity: .warning)
    }

    /// The list that was named, or the one in the token: its authority has signed it, whoever carries it.
    private func revocation(_ token: UnverifiedTR34Token) throws -> CertificateValidator.Revocation {
        if let file = options.senderRevocationList { return .lists(try RevocationListFile.read(file)) }
        if options.isRevocationUnchecked { return .unchecked }
        return token.revocationLists.isEmpty ? .unchecked : .lists(token.revocationLists)
    }
}

extension FileRefusal {
    /// Names the file where `body` refuses the token in it.
    fileprivate static func naming<R: ~Copyable>(_ file: String, _ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as TR34Error { throw FileRefusal(file: file, error: error) }
    }
}
