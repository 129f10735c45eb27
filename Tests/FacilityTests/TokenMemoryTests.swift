import PaymentCrypto
import Testing

@testable import Facility

@Suite("TR-34 tokens that came in")
struct TokenMemoryTests {
    private static let now = Moment(secondsSince1970: 1_800_000_000)

    @Test("come in once")
    func digests() throws {
        var memory = TokenMemory()
        try memory.accept(Self.token(1, nonce: "0011223344556677"), at: Self.now)
        #expect(throws: ReplayError.token) {
            try memory.accept(Self.token(1, nonce: "8899AABBCCDDEEFF"), at: Self.now)
        }
        try memory.accept(Self.token(2, nonce: "8899AABBCCDDEEFF"), at: Self.now)
    }

    @Test("a random number serves once, whoever sends it, and in whatever case")
    func nonces() throws {
        var memory = TokenMemory()
        try memory.accept(Self.token(1, nonce: "8899AABBCCDDEEFF"), at: Self.now)
        #expect(throws: ReplayError.nonce) {
            try memory.accept(Self.token(2, sender: 9, nonce: "8899aabbccddeeff"), at: Self.now)
        }
    }

    @Test("one-pass tokens of a sender come in the order of their signing times")
    func signingTimes() throws {
        var memory = TokenMemory()
        let time = Self.now.adding(seconds: -100)
        try memory.accept(Self.token(1, signed: time), at: Self.now)
        for other in [time, time.adding(seconds: -1)] {
            #expect(throws: ReplayError.notLater(last: time, found: other)) {
                try memory.accept(Self.token(2, signed: other), at: Self.now)
            }
        }
        try memory.accept(Self.token(3, sender: 9, signed: time), at: Self.now)
        try memory.accept(Self.token(4, signed: time.adding(seconds: 1)), at: Self.now)
    }

    @Test("a token that is signed tomorrow would shut out all of today's")
    func future() throws {
        var memory = TokenMemory()
        let tomorrow = Self.now.adding(days: 1)
        #expect(throws: ReplayError.signedInFuture(tomorrow)) {
            try memory.accept(Self.token(1, signed: tomorrow), at: Self.now)
        }
        try memory.accept(Self.token(2, signed: Self.now.adding(seconds: 60)), at: Self.now)
    }

    @Test("what was refused is not remembered")
    func refused() throws {
        var memory = TokenMemory()
        try memory.accept(Self.token(1, nonce: "0011223344556677"), at: Self.now)
        #expect(throws: ReplayError.nonce) {
            try memory.accept(Self.token(2, nonce: "0011223344556677"), at: Self.now)
        }
        try memory.accept(Self.token(2, nonce: "FFFFFFFFFFFFFFFF"), at: Self.now)
    }

    @Test("are remembered in the file, together with the key that came in one")
    func file() throws {
        let test = try TestSite()
        let site = try test.make()
        let acceptance = Self.token(1, signed: Moment.now.adding(seconds: -5))
        var event = AuditEvent("key import")
        let key = try SymmetricKey.random(.aes128)
        _ = try site.add(key, as: try UnlockedSite.NewKey("one"), accepting: acceptance, recording: &event)
        let again = try UnlockedSite.NewKey("two")
        var second = AuditEvent("key import")
        #expect(throws: FacilityError.replay(.token)) {
            _ = try test.unlock().add(key, as: again, accepting: acceptance, recording: &second)
        }
        #expect(try Site(at: test.path).keyring().entries.map(\.name.description) == ["one"])
    }

    private static func token(
        _ number: UInt8, sender: UInt8 = 7, nonce: String? = nil, signed: Moment? = nil
    ) -> TokenAcceptance {
        TokenAcceptance(digest: digest(number), nonce: nonce, sender: digest(sender), signingTime: signed)
    }

    private static func digest(_ number: UInt8) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: [UInt8](repeating: number, count: 32)) else {
            preconditionFailure("32 bytes are a digest")
        }
        return digest
    }
}
