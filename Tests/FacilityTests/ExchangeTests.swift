import PaymentCrypto
import Testing

@testable import Facility

@Suite("Exchanges")
final class ExchangeTests {
    let test: TestSite
    let site: UnlockedSite

    init() throws {
        test = try TestSite()
        site = try test.make()
    }

    @Test("are found by their token, for what they were begun for")
    func found() throws {
        let entry = try begin(.import, .cryptogram)
        let keyring = try site.keyring()
        #expect(try keyring.exchange(entry.name, .import, .cryptogram).publicKey == entry.publicKey)
        for (direction, material) in [(Exchange.Direction.import, Exchange.Material.tr34), (.export, .tr34)] {
            #expect {
                _ = try keyring.exchange(entry.name, direction, material)
            } throws: { error in
                guard case .exchangeKind(entry.name, _, "import of cryptogram") = error as? FacilityError else {
                    return false
                }
                return true
            }
        }
        let stranger = try #require(KeyName("import-token-0000000000000000"))
        #expect(throws: FacilityError.exchangeMissing(stranger)) {
            _ = try keyring.exchange(stranger, .import, .cryptogram)
        }
    }

    @Test("are refused from the second on in which they are over")
    func expiry() throws {
        let entry = try begin(.export, .tr34, days: 3)
        let end = try #require(entry.exchange?.expires)
        let keyring = try site.keyring()
        _ = try keyring.exchange(entry.name, .export, .tr34, at: end.adding(seconds: -1))
        #expect(throws: FacilityError.exchangeExpired(entry.name, end)) {
            _ = try keyring.exchange(entry.name, .export, .tr34, at: end)
        }
    }

    @Test("that are over lose their private key, and nothing else does")
    func removal() throws {
        let entry = try begin(.export, .tr34, days: 3)
        _ = try begin(.import, .tr34, days: 5)
        let kept = try site.generate("kdh", .sign)
        var keyring = try site.keyring()
        let end = try #require(entry.exchange?.expires)
        #expect(try keyring.removeKeysOfOverExchanges(at: end.adding(seconds: -1)) == [])
        #expect(try keyring.removeKeysOfOverExchanges(at: end) == [entry.name])
        #expect(try keyring.removeKeysOfOverExchanges(at: end) == [])
        let over = try keyring.rsaKey(entry.name)
        #expect((over.place, over.keyBlock) == (.removed, nil))
        #expect(try keyring.rsaKey(kept.name).place == .keyring)
        // It is written and read like this.
        let read = try #require(Keyring(keyring.document)).rsaKey(entry.name)
        #expect(read.place == .removed)
        #expect(throws: FacilityError.privateKeyRemoved(entry.name)) {
            _ = try site.signingKey(over, tokens: NoTokens())
        }
    }

    @Test("have a number of their own where TR-34 tokens bring one back")
    func nonces() throws {
        let entries = try [
            begin(.import, .tr34), begin(.import, .tr34), begin(.import, .cryptogram), begin(.export, .tr34),
        ]
        let nonces = entries.map { $0.exchange?.nonce }
        #expect(nonces[0]?.count == 16 && nonces[0] != nonces[1])
        #expect(nonces[2...].allSatisfy { $0 == nil })
    }

    @Test("their certificate runs out with them, and is revoked when they end before")
    func certificate() throws {
        let entry = try begin(.export, .tr34, days: 3)
        #expect(entry.certificate?.notAfter == entry.exchange?.expires)
        var event = AuditEvent("exchange end")
        try site.endExchange(entry.name, recording: &event)
        #expect(try site.keyring().rsaKeys.isEmpty)
        let revoked = try site.keyring().authorities.flatMap(\.revoked).map(\.serialNumber)
        #expect(revoked == [try #require(entry.certificate).serialNumber])
        #expect(throws: FacilityError.exchangeMissing(entry.name)) {
            try site.endExchange(entry.name, recording: &event)
        }
    }

    private func begin(
        _ direction: Exchange.Direction, _ material: Exchange.Material, days: Int = 30
    ) throws -> RSAKeyEntry {
        var event = AuditEvent("exchange begin")
        return try site.beginExchange(direction, material, .rsa2048, days: days, recording: &event)
    }
}
