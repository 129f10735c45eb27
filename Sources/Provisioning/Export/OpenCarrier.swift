import Facility
import PaymentCrypto

/// A carrier with its keys out of the site, ready to take one key.
enum OpenCarrier {
    case keyBlock(KeyBlockProtection)
    case token(TR34Sender, to: Certificate, TR34Freshness)
    case cryptogram(to: Certificate, OAEPHash)

    /// Takes a key in a token or a cryptogram; what leaves is looked at once more before it does.
    ///
    /// A key block is made by whoever has its template.
    func take(
        _ key: borrowing SymmetricKey, header: KeyBlockHeader, checkValue: CheckValue
    ) throws -> ExportedKey {
        let (material, transport, written) = try material(key, header)
        return ExportedKey(
            material: Hexadecimal.text(material), transport: transport, checkValue: checkValue,
            algorithm: key.effectiveAlgorithm, header: written)
    }

    private func material(
        _ key: borrowing SymmetricKey, _ header: KeyBlockHeader
    ) throws -> ([UInt8], KeyTransport, header: String?) {
        switch self {
        case .keyBlock: throw EngineError(.operationFailed("a key block without its template"))
        case .token(let sender, let recipient, let freshness):
            let token = try sender.token(key, header: header, for: recipient, freshness: freshness)
            try sender.checkOpens(token, header: header, for: recipient, freshness: freshness)
            return (token, .tr34, String(try UnverifiedTR34Token(token).headerText.prefix(16)))
        case .cryptogram(let recipient, let hash):
            return (try KeyCryptogram.wrap(key, under: recipient.publicKey, hash: hash), .rsaOAEP, nil)
        }
    }
}

extension ExportCarrier {
    /// Takes out of the site what the carrier needs.
    ///
    /// - Parameter operators: whose doing it is where the site has to issue a certificate first.
    func opened(
        in site: borrowing UnlockedSite, tokens: any TokenKeys, operators: [OperatorName]
    ) throws -> OpenCarrier {
        switch self {
        case .keyBlock(let wrapping):
            return .keyBlock(try site.protection(wrapping, for: .wrapping, tokens: tokens))
        case .token(let route, let entry):
            let sender = try route.signer.sender(entry, in: site, tokens: tokens, operators: operators)
            return .token(sender, to: route.recipient, route.nonce.map { .nonce($0) } ?? .signingTime(.now))
        case .cryptogram(let route): return .cryptogram(to: route.recipient, route.hash)
        }
    }

    /// What the header is planned for: where no key wraps, the version that is written with any.
    var headerAlgorithm: KeyAlgorithm {
        if case .keyBlock(let wrapping) = self { wrapping.algorithm } else { .aes256 }
    }

    /// Header options without what only key blocks have.
    ///
    /// - Throws: `.noProtectionKey` for a block that tells of a wrapping key.
    func narrowed(_ options: HeaderOptions) throws(HeaderOptionError) -> HeaderOptions {
        if case .keyBlock = self { return options }
        guard options.optionalBlock(.protectionKeyCheckValue) == nil else { throw .noProtectionKey }
        var options = options
        (options.keyBlockVersion, options.lengthObfuscation) = (nil, nil)
        return options
    }
}
