import PaymentCrypto
import Testing

@testable import Facility

@Suite("Beginnings and ends in the audit log")
struct UndertakingTests {
    private struct Keeper: TokenKeeper {
        let fails: Bool

        func store(_: borrowing SymmetricKey, header: KeyBlockHeader) throws -> TokenLocation {
            guard !fails else { throw FacilityError.internalFault("the token is gone") }
            return TokenLocation(uri: "pkcs11:object=acme")
        }
    }

    private static func beginning(_ run: String) -> AuditEvent {
        var event = AuditEvent("provision" + Undertaking.actionEnd)
        event.add(fact: "run_id", run)
        return event
    }

    @Test("a begin without an end is told, unless it goes on")
    func unfinished() throws {
        let audit = try AuditFixture(events: 1)
        let head = try Self.begin(audit)
        let verification = try audit.site.verifyAuditLog()
        #expect((verification.fault, verification.unfinished.map(\.sequence)) == (nil, [2]))
        var end = AuditEvent("provision")
        end.undertaking = head
        _ = try audit.site.record(end)
        #expect(try audit.site.verifyAuditLog().unfinished == [])
        #expect(try audit.events.last?.undertaking == head)
    }

    private static func begin(_ audit: borrowing AuditFixture) throws -> AuditHead {
        let (first, second) = (try audit.site.begin(beginning("7")), try audit.site.begin(beginning("8")))
        #expect(try audit.site.verifyAuditLog().unfinished == [])
        var end = AuditEvent("provision")
        end.undertaking = second.head
        _ = try audit.site.record(end)
        return first.head
    }

    @Test("the end of a run that was taken up again ends each of its beginnings")
    func takenUp() throws {
        let audit = try AuditFixture(events: 1)
        for _ in 0..<2 { _ = try audit.site.begin(Self.beginning("7")) }
        #expect(try audit.site.verifyAuditLog().unfinished.map(\.sequence) == [2, 3])
        var end = AuditEvent("provision")
        end.add(fact: "run_id", "7")
        end.undertaking = try audit.site.begin(Self.beginning("7")).head
        _ = try audit.site.record(end)
        #expect(try audit.site.verifyAuditLog().unfinished == [])
    }

    @Test("what a token keeps has a begin and an end", arguments: [false, true])
    func token(fails: Bool) throws {
        let audit = try AuditFixture(events: 1)
        var event = AuditEvent("key generate")
        let entry = try? audit.site.add(
            try SymmetricKey.random(.aes128), as: try .init("acme"), keptBy: Keeper(fails: fails), recording: &event)
        #expect((entry == nil) == fails)
        let begin = try #require(try audit.events.dropFirst().first)
        #expect((begin.action, begin.writes == nil) == ("key generate begin", true))
        #expect(try event.undertaking == AuditHead(of: try #require(audit.lines.dropFirst().first)))
        #expect(try audit.lines.count == (fails ? 2 : 3))
        #expect(try audit.site.verifyAuditLog().unfinished.count == (fails ? 1 : 0))
    }
}
