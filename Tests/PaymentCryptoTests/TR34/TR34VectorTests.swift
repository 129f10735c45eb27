import Testing

@testable import PaymentCrypto

/// Tokens of six makers to take, and tokens with one fault each.
@Suite struct TR34VectorTests {
    @Test func everyTokenOpens() throws {
        let rows = try TR34Vectors.index().accept
        #expect(rows.count == 31)
        for row in rows { try check(row) }
    }

    private func check(_ row: TR34Vectors.Accepted) throws {
        let token = try TR34Vectors.token(row.file)
        let isAnnexD = row.profile == "annexd"
        #expect(token.profile.rawValue == (isAnnexD ? "cms" : row.profile), "\(row)")
        #expect(token.headerText == row.header, "\(row)")
        let nonce = row.nonce.flatMap { TR34Nonce($0) }
        let opened = try TR34.open(
            token, with: DecryptionKey(TR34Vectors.privateKey(row.krd)), own: TR34Vectors.certificate(row.krd),
            sender: TR34Vectors.certificate("kdh"), nonce: nonce)
        let (deviations, header, freshness) = (opened.deviations, opened.header, opened.freshness)
        #expect(deviations.contains(.annexD) == isAnnexD, "\(row)")
        #expect(deviations.contains(.aes256Content) == row.clearKey.utf8.elementsEqual(Self.aes256Key.utf8), "\(row)")
        #expect(deviations.contains(where: \.isWeakerTransport) == (row.clearKey == Self.aes256Key), "\(row)")
        #expect(header == token.header)
        if let nonce { #expect(freshness == .nonce(nonce)) } else { #expect(freshness.signingTime != nil) }
        let key = opened.takeKey()
        #expect(key.bytes.hexadecimal() == row.clearKey, "\(row)")
        let checkValue = try key.checkValue(key.algorithm.isTDES ? .legacy : .cmac, byteCount: 3)
        #expect(checkValue.description == row.kcv, "\(row)")
    }

    private static let aes256Key = "00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4C3D2E1F0"

    /// Why each token is refused; what is not here is refused for its sender's or receiver's certificate.
    static let reasons: [String: TR34Error] = [
        "sid-other": .otherSender(found: ""), "wrong-signer": .signatureMismatch, "oaep-sha1": .oaepHash,
        "oaep-mgf-sha1": .oaepHash, "oaep-label": .oaepLabel, "no-messagedigest": .missingAttribute(.messageDigest),
        "no-header-attr": .missingAttribute(.header), "no-contenttype": .missingAttribute(.contentType),
        "no-freshness": .noFreshness, "dup-header-attr": .duplicateAttribute, "bad-digest": .digestMismatch,
        "wrong-contenttype": .contentType, "two-signers": .signerCount(found: 2),
        "two-recipients": .recipientCount(found: 2), "token-trailing": .trailingBytes(count: 1),
        "sig-over-econtent": .signatureMismatch, "sig-over-a0": .signatureMismatch, "replayed-nonce": .nonceMismatch,
        "nonce-short": .nonceLength(found: 4),
    ]

    /// What only this module learns of tokens that are all refused alike.
    static let faults: [String: TR34KeyBlock.Fault] = [
        "header-mismatch": .otherHeader, "idkdh-other": .otherSender, "oaep-declared-wrong": .contentKey,
        "bad-padding": .padding, "keyblock-trailing": .structure,
    ]

    @Test func everyFaultHasItsReason() throws {
        for (name, expected) in Self.reasons {
            let error = try #require(throws: TR34Error.self, "\(name)") { _ = try Self.open(name).takeKey() }
            if case .otherSender = expected {
                let isOther = if case .otherSender = error { true } else { false }
                #expect(isOther, "\(name): \(error)")
            } else {
                #expect(error == expected, "\(name)")
            }
        }
    }

    @Test func everyFaultBehindTheEncryptionLooksAlike() throws {
        for (name, expected) in Self.faults {
            #expect(throws: TR34Error.wrongKeyOrAltered, "\(name)") { _ = try Self.open(name).takeKey() }
            let token = try TR34Vectors.token("reject/\(name).der")
            let key = DecryptionKey(try TR34Vectors.privateKey("krd3072"))
            #expect(throws: expected, "\(name)") { _ = try TR34.decrypt(token, with: key).takeKey() }
        }
    }

    static func open(_ name: String) throws -> OpenedTR34Token {
        try TR34.open(
            TR34Vectors.token("reject/\(name).der"), with: DecryptionKey(TR34Vectors.privateKey("krd3072")),
            own: TR34Vectors.certificate("krd3072"), sender: TR34Vectors.certificate("kdh"), nonce: TR34Vectors.nonce)
    }
}
