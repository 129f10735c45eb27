import Testing

@testable import PaymentCrypto

/// Certificates of this project's own authority, at a fixed time.
@Suite("Certificates are checked before a key is wrapped for them")
struct CertificateValidatorTests {
    private let authority: CertificateAuthority

    init() throws {
        authority = try TestAuthority.receiving()
    }

    private func validator(
        at moment: Moment = TestAuthority.now, lists: [CertificateRevocationList]? = nil,
        purpose: CertificatePurpose = .keyReceiving, minimum: RSAKeySize = .rsa2048
    ) throws -> CertificateValidator {
        try CertificateValidator(
            anchors: [authority.certificate], intermediates: [],
            revocation: lists.map { .lists($0) } ?? .unchecked, purpose: purpose, at: moment, minimum: minimum)
    }

    private func list(
        revoking certificates: [Certificate] = [], number: UInt64 = 1, from: Moment = TestAuthority.start,
        to: Moment = TestAuthority.end
    ) throws -> CertificateRevocationList {
        try authority.revocationList(
            number: number, revoked: certificates.map { ($0.serialNumber, TestAuthority.start) }, from: from, to: to)
    }

    private func second(_ moment: Moment, _ offset: Int) -> Moment {
        Moment(secondsSince1970: moment.secondsSince1970 + offset)
    }

    @Test("a good one passes, and its path ends at the anchor")
    func good() throws {
        let leaf = try authority.issueToDevice()
        #expect(try validator().validate(leaf) == [leaf, authority.certificate])
        #expect(try validator(lists: [list()]).validate(leaf) == [leaf, authority.certificate])
    }

    @Test("both ends of the validity are valid, one second further is not")
    func times() throws {
        let (from, to) = (TestAuthority.now, second(TestAuthority.now, 3600))
        let leaf = try authority.issueToDevice(from: from, to: to)
        #expect(throws: CertificateError.notYetValid(notBefore: from)) {
            try validator(at: second(from, -1)).validate(leaf)
        }
        try validator(at: from).validate(leaf)
        try validator(at: to).validate(leaf)
        #expect(throws: CertificateError.expired(notAfter: to)) { try validator(at: second(to, 1)).validate(leaf) }
    }

    @Test("an authority that is out of date is named")
    func authorityTimes() throws {
        let early = second(TestAuthority.start, -10)
        let leaf = try authority.issueToDevice(from: second(early, -10))
        let fault = CertificateError.issuer(
            "O=Test, CN=Receiving CA", .notYetValid(notBefore: TestAuthority.start))
        #expect(throws: fault) { try validator(at: early).validate(leaf) }
        #expect(
            fault.description == "issuer O=Test, CN=Receiving CA: not valid before \(TestAuthority.start)")
    }

    @Test("the key usage has to be the purpose's", arguments: CertificatePurpose.allCases, CertificatePurpose.allCases)
    func usage(has: CertificatePurpose, needs: CertificatePurpose) throws {
        let leaf = try authority.issueToDevice(purpose: has)
        let validator = try validator(purpose: needs)
        if has == needs {
            try validator.validate(leaf)
        } else {
            #expect(throws: CertificateError.wrongUsage(expected: needs)) { try validator.validate(leaf) }
        }
    }

    @Test("a role's anchor is no anchor for the other role")
    func roles() throws {
        let sender = try TestAuthority.signing().issueToDevice(purpose: .signing)
        #expect(throws: CertificateError.unknownIssuer("O=Test, CN=Signing CA")) {
            try validator(purpose: .signing).validate(sender)
        }
    }

    @Test("an authority of the same name with another key")
    func impostor() throws {
        let key = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        let name = try DistinguishedName("/O=Test/CN=Receiving CA")
        let other = CertificateAuthority(
            key: key,
            certificate: try CertificateAuthority.selfSigned(
                key: key, subject: name, from: TestAuthority.start, to: TestAuthority.end))
        let leaf = try other.issueToDevice()
        #expect(throws: CertificateError.badSignature(issuer: "O=Test, CN=Receiving CA")) {
            try validator().validate(leaf)
        }
        let lists = [try other.revocationList(number: 2, revoked: [], from: TestAuthority.start, to: TestAuthority.end)]
        let own = try authority.issueToDevice()
        #expect(throws: CertificateError.revocationListBadSignature(issuer: "O=Test, CN=Receiving CA")) {
            try validator(lists: lists).validate(own)
        }
        // Where both are trusted, each is found by its signature.
        let both = try CertificateValidator(
            anchors: [other.certificate, authority.certificate], intermediates: [], revocation: .unchecked,
            purpose: .keyReceiving, at: TestAuthority.now)
        #expect(try both.validate(leaf).last == other.certificate)
        #expect(try both.validate(own).last == authority.certificate)
    }

    @Test("smaller than the site's least: the device's key, the authority's key")
    func sizes() throws {
        let leaf = try authority.issueToDevice()
        #expect(throws: CertificateError.tooSmall(bitCount: 2048, minimum: 3072)) {
            try validator(minimum: .rsa3072).validate(leaf)
        }
        let larger = try authority.issue(
            to: RSAPrivateKey.generate(.rsa3072).publicKey, subject: DistinguishedName("/CN=x"),
            purpose: .keyReceiving, from: TestAuthority.start, to: TestAuthority.end)
        let fault = CertificateError.issuer(
            "O=Test, CN=Receiving CA", .tooSmall(bitCount: 2048, minimum: 3072))
        #expect(throws: fault) { try validator(minimum: .rsa3072).validate(larger) }
    }

    @Test("self-signed, and an authority's certificate as a device's")
    func leaves() throws {
        #expect(throws: CertificateError.selfSigned) { try validator().validate(authority.certificate) }
        let other = try TestAuthority.signing().certificate
        #expect(throws: CertificateError.selfSigned) { try validator().validate(other) }
    }

    @Test("without an anchor nothing is checked")
    func noAnchor() {
        #expect(throws: CertificateError.noAnchor) {
            try CertificateValidator(
                anchors: [], intermediates: [authority.certificate], revocation: .unchecked, purpose: .signing,
                at: TestAuthority.now)
        }
    }

    // MARK: Revocation lists

    @Test("a revoked one, and the one beside it")
    func revoked() throws {
        let (bad, good) = (try authority.issueToDevice(), try authority.issueToDevice())
        let validator = try validator(lists: [list(revoking: [bad])])
        #expect(throws: CertificateError.revoked(TestAuthority.start)) { try validator.validate(bad) }
        try validator.validate(good)
    }

    @Test("the newest list in its time counts")
    func newest() throws {
        let leaf = try authority.issueToDevice()
        let old = try list(revoking: [leaf])
        let new = try list(number: 2, from: second(TestAuthority.start, 60))
        let tooNew = try list(revoking: [leaf], number: 3, from: second(TestAuthority.now, 60))
        try validator(lists: [old, new, tooNew]).validate(leaf)
        #expect(throws: CertificateError.revoked(TestAuthority.start)) { try validator(lists: [old]).validate(leaf) }
    }

    @Test("of two lists of one second each counts, in either order")
    func sameSecond() throws {
        let leaf = try authority.issueToDevice()
        let (empty, full) = (try list(number: 2), try list(revoking: [leaf], number: 1))
        for lists in [[empty, full], [full, empty]] {
            #expect(throws: CertificateError.revoked(TestAuthority.start)) {
                try validator(lists: lists).validate(leaf)
            }
        }
        try validator(lists: [empty, list(number: 3)]).validate(leaf)
        let newer = try list(number: 4, from: second(TestAuthority.start, 60))
        try validator(lists: [full, newer, empty]).validate(leaf)
    }

    @Test("missing, of another authority, over, not begun")
    func badLists() throws {
        let leaf = try authority.issueToDevice()
        let missing = CertificateError.revocationListMissing(issuer: "O=Test, CN=Receiving CA")
        #expect(throws: missing) { try validator(lists: []).validate(leaf) }
        let foreign = try TestAuthority.signing().revocationList(
            number: 1, revoked: [], from: TestAuthority.start, to: TestAuthority.end)
        #expect(throws: missing) { try validator(lists: [foreign]).validate(leaf) }
        let over = try list(to: second(TestAuthority.now, -1))
        #expect(throws: CertificateError.revocationListExpired(nextUpdate: over.nextUpdate)) {
            try validator(lists: [over]).validate(leaf)
        }
        let early = try list(from: second(TestAuthority.now, 1))
        #expect(throws: CertificateError.revocationListNotYetValid(thisUpdate: early.thisUpdate)) {
            try validator(lists: [early]).validate(leaf)
        }
        try validator(lists: [list(from: TestAuthority.now, to: TestAuthority.now)]).validate(leaf)
    }

    @Test("a list with one bit changed, anywhere, never lets a certificate pass")
    func alteredLists() throws {
        let leaf = try authority.issueToDevice()
        let der = try list(revoking: [leaf]).der
        for position in der.indices {
            var changed = der
            changed[position] ^= 1 << UInt8(position % 8)
            guard let list = try? CertificateRevocationList(der: changed) else { continue }
            #expect(throws: CertificateError.self, "bit in byte \(position)") {
                try validator(lists: [list]).validate(leaf)
            }
        }
    }

    // MARK: Many at once

    @Test("used by many threads at once, it says the same")
    func threads() async throws {
        let (good, bad) = (try authority.issueToDevice(), try authority.issueToDevice())
        let validator = try validator(lists: [list(revoking: [bad])])
        let isRight = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).allSatisfy { _ in
                        (try? validator.validate(good)) != nil && (try? validator.validate(bad)) == nil
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(isRight)
    }
}
