import Testing

@testable import PaymentCrypto

@Suite("Sealed master key")
final class SealedMasterKeyTests {
    let scrypt: ScryptParameters
    let masterKey: MasterKey

    init() throws {
        scrypt = try #require(try ScryptParameters.random(logN: 12))
        masterKey = try MasterKey.random()
    }

    @Test("every set of a quorum opens it, in any order", arguments: [(1, 1), (3, 1), (3, 2), (3, 3), (5, 3)])
    func everyQuorumOpens(custodians: Int, quorum: Int) throws {
        let sealed = try seal(custodians: custodians, quorum: quorum)
        for members in CustodianSecrets.sets(of: quorum, from: custodians) {
            for order in [members, members.reversed()] {
                let opened = try sealed.open(with: try secrets(order))
                expectMasterKey(opened)
            }
        }
    }

    @Test("one wrong passphrase is enough to keep it shut")
    func wrongPassphrase() throws {
        let sealed = try seal(custodians: 3, quorum: 2)
        for wrong in [[0, 7], [7, 2], [7, 8]] {
            #expect(throws: CustodianError.wrongPassphrases) { _ = try sealed.open(with: try secrets(wrong)) }
        }
        #expect(throws: CustodianError.tooFew(expected: 2, found: 1)) { _ = try sealed.open(with: try secrets([1])) }
    }

    @Test("more passphrases than needed, one of them wrong")
    func morePassphrases() throws {
        let sealed = try seal(custodians: 3, quorum: 2)
        expectMasterKey(try sealed.open(with: try secrets([7, 2, 0])))
    }

    @Test("two custodians with the same passphrase are refused")
    func samePassphrase() {
        #expect(throws: CustodianError.samePassphrase(custodian: 1, and: 3)) { _ = try secrets([4, 5, 4]) }
        #expect(throws: CustodianError.tooMany) { _ = try secrets([0, 1, 2, 3, 4, 5]) }
    }

    @Test("one custodian's passphrase is replaced without the others")
    func replacement() throws {
        let sealed = try seal(custodians: 3, quorum: 2)
        let replaced = try sealed.replacing(custodian: 3, by: try passphrase(9), masterKey: masterKey)
        for good in [[0, 1], [0, 9], [9, 1]] {
            expectMasterKey(try replaced.open(with: try secrets(good)))
        }
        for bad in [[0, 2], [2, 9]] {
            #expect(throws: CustodianError.wrongPassphrases) { _ = try replaced.open(with: try secrets(bad)) }
        }
        #expect(throws: CustodianError.samePassphrase(custodian: 1, and: 2)) {
            _ = try sealed.replacing(custodian: 2, by: try passphrase(0), masterKey: masterKey)
        }
        #expect(throws: CustodianError.unchangedPassphrase) {
            _ = try sealed.replacing(custodian: 2, by: try passphrase(1), masterKey: masterKey)
        }
    }

    @Test("whose passphrase it was")
    func whose() throws {
        let sealed = try seal(custodians: 3, quorum: 2)
        let given = try secrets([2, 8])
        let custodians = try [0, 1].map { try sealed.custodian(ofSecret: $0, in: given, masterKey: masterKey) }
        #expect(custodians == [3, nil])
    }

    @Test("a seal that stands for another set of custodians does not open")
    func sealsAreBoundToTheirSet() throws {
        let sealed = try seal(custodians: 3, quorum: 2)
        let seals = zip(sealed.seals, sealed.seals.reversed()).map {
            SealedMasterKey.Seal(custodians: $0.custodians, sealed: $1.sealed)
        }
        let shuffled = try #require(
            SealedMasterKey(scrypt: scrypt, quorum: 2, custodians: sealed.custodians, seals: seals))
        #expect(throws: CustodianError.wrongPassphrases) { _ = try shuffled.open(with: try secrets([0, 1])) }
    }

    @Test("numbers that do not fit together are none of ours")
    func misfits() throws {
        let sealed = try seal(custodians: 3, quorum: 2)
        let (custodians, seals) = (sealed.custodians, sealed.seals)
        for quorum in [-1, 0, 1, 3, 4, Int.max] {
            #expect(SealedMasterKey(scrypt: scrypt, quorum: quorum, custodians: custodians, seals: seals) == nil)
        }
        #expect(SealedMasterKey(scrypt: scrypt, quorum: 2, custodians: [], seals: seals) == nil)
        #expect(SealedMasterKey(scrypt: scrypt, quorum: 2, custodians: custodians, seals: seals.dropLast()) == nil)
        #expect(SealedMasterKey(scrypt: scrypt, quorum: 2, custodians: custodians + custodians, seals: seals) == nil)
    }

    @Test("more custodians than there can be are refused before their sets are made", .timeLimit(.minutes(1)))
    func tooManyCustodians() throws {
        let sealed = try seal(custodians: 1, quorum: 1)
        for (count, quorum) in [(6, 3), (40, 20), (10_000, 5_000)] {
            let custodians = Array(repeating: sealed.custodians[0], count: count)
            #expect(
                SealedMasterKey(scrypt: scrypt, quorum: quorum, custodians: custodians, seals: sealed.seals) == nil)
        }
    }

    private func expectMasterKey(_ opened: borrowing MasterKey) {
        let isEqual = opened.bytes.isEqual(to: masterKey.bytes)
        #expect(isEqual)
    }

    private func seal(custodians: Int, quorum: Int) throws -> SealedMasterKey {
        try SealedMasterKey(sealing: masterKey, for: try secrets(Array(0..<custodians)), quorum: quorum)
    }

    private func secrets(_ people: [Int]) throws -> CustodianSecrets {
        var secrets = CustodianSecrets(scrypt: scrypt)
        for person in people { try secrets.add(try passphrase(person)) }
        return secrets
    }

    private func passphrase(_ person: Int) throws -> Passphrase {
        try Passphrase(SecretLine("the passphrase of person \(person)"))
    }
}
