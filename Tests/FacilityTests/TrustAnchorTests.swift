import PaymentCrypto
import Testing

@testable import Facility

@Suite("Trust anchors")
final class TrustAnchorTests {
    let test: TestSite
    let site: UnlockedSite
    /// A CA's certificate, and one that it issued.
    let authority: Certificate
    let leaf: Certificate

    init() throws {
        test = try TestSite()
        site = try test.make()
        let other = try TestSite()
        let partner = try other.make()
        let chain = try partner.certificateChain(of: try partner.generate("kdh", .sign), operators: [])
        (leaf, authority) = (chain[0], chain[1])
    }

    @Test("are for one role, under one name")
    func roles() throws {
        let anchor = try trust([authority], "partner", .kdh)
        let keyring = try Site(at: test.path).keyring()
        #expect(keyring.anchors(for: .kdh).map(\.certificate) == [authority])
        #expect(keyring.anchors(for: .krd).isEmpty)
        #expect(try keyring.anchor(anchor.name, for: .kdh).certificate == authority)
        #expect(throws: FacilityError.anchorRole(anchor.name, expected: .krd, found: .kdh)) {
            _ = try keyring.anchor(anchor.name, for: .krd)
        }
        #expect(throws: FacilityError.anchorIsEnrolled(as: anchor.name)) { _ = try trust([authority], "again", .kdh) }
        #expect(throws: FacilityError.anchorExists(anchor.name)) { _ = try trust([authority], "partner", .krd) }
        _ = try trust([authority], "as-krd", .krd)
    }

    @Test("are none once they are retired")
    func retired() throws {
        let anchor = try trust([authority], "partner", .kdh)
        let retirement = try #require(Retirement(reason: "contract ended"))
        var event = AuditEvent("key retire")
        let keyring = try site.annotate(anchor.name, recording: &event) { (annotations) throws(FacilityError) in
            try annotations.retire(anchor.name, retirement)
        }
        #expect(keyring.anchors(for: .kdh).isEmpty)
        #expect(throws: FacilityError.role(.retired(anchor.name, retirement))) {
            _ = try keyring.anchor(anchor.name, for: .kdh)
        }
    }

    @Test("are CAs, in their dates, and one chain")
    func unfit() throws {
        #expect(throws: FacilityError.certificate(.notAuthority)) { _ = try trust([leaf], "leaf", .kdh) }
        #expect(throws: FacilityError.chain(.empty)) { _ = try trust([], "nothing", .kdh) }
        _ = try site.change { $0.minimumRSA = .rsa4096 }
        #expect(throws: FacilityError.certificate(.tooSmall(bitCount: 2048, minimum: 4096))) {
            var event = AuditEvent("certificate trust")
            _ = try test.unlock().trust(
                [authority], as: try #require(KeyName("small")), for: .kdh, recording: &event)
        }
        #expect(try site.keyring().anchors.isEmpty)
    }

    @Test("are of no use where a key's name is asked for")
    func otherKinds() throws {
        let anchor = try trust([authority], "partner", .kdh)
        let keyring = try site.keyring()
        #expect(throws: FacilityError.otherKind(anchor.name, expected: .symmetric, found: .anchor)) {
            _ = try keyring.entry(anchor.name)
        }
        let missing = try #require(KeyName("missing"))
        #expect(throws: FacilityError.anchorMissing(missing)) { _ = try keyring.anchor(missing) }
    }

    private func trust(_ certificates: [Certificate], _ name: String, _ role: TrustRole) throws -> TrustAnchor {
        var event = AuditEvent("certificate trust")
        return try site.trust(certificates, as: try #require(KeyName(name)), for: role, recording: &event)
    }
}
