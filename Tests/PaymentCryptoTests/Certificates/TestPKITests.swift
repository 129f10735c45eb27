import Foundation
import Testing

@testable import PaymentCrypto

/// The test PKI that the TR-34 tokens come with.
@Suite("The certificates of the TR-34 tokens")
struct TestPKITests {
    private let now: Moment

    init() throws {
        now = try #require(Moment(year: 2026, month: 12, day: 1))
    }

    private func file(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: VectorFile.own("tr34/\(name)").url))
    }

    private func certificate(_ name: String) throws -> Certificate {
        try #require(Certificate.bundle(file("pki/\(name).crt")).first)
    }

    private func validator(_ role: String, _ purpose: CertificatePurpose) throws -> CertificateValidator {
        try CertificateValidator(
            anchors: [certificate("root")], intermediates: [certificate("ca_\(role)")],
            revocation: .lists(CertificateRevocationList.read(file("pki/ca_\(role).crl"))), purpose: purpose, at: now)
    }

    @Test("the receivers' and senders' chains are good")
    func good() throws {
        for name in ["krd2048", "krd3072", "krd4096"] {
            #expect(try validator("krd", .keyReceiving).validate(certificate(name)).count == 3)
        }
        for name in ["kdh", "kdh2"] {
            #expect(try validator("kdh", .signing).validate(certificate(name)).count == 3)
        }
    }

    @Test("and the bad ones are refused, each for its own reason")
    func bad() throws {
        #expect(throws: CertificateError.tooSmall(bitCount: 1024, minimum: 2048)) { try certificate("krd1024") }
        let receivers = try validator("krd", .keyReceiving)
        #expect(throws: CertificateError.wrongUsage(expected: .keyReceiving)) {
            try receivers.validate(certificate("krd_badku"))
        }
        #expect(throws: CertificateError.unknownIssuer("C=US, O=Rogue, CN=Rogue Root")) {
            try receivers.validate(certificate("krd_rogue"))
        }
        #expect(throws: CertificateError.wrongUsage(expected: .keyReceiving)) {
            try receivers.validate(certificate("kdh"))
        }
        let senders = try validator("kdh", .signing)
        let list = try #require(CertificateRevocationList.read(file("pki/ca_kdh.crl")).first)
        let revoked = try #require(list.revocation(of: certificate("kdh_rev")))
        #expect(throws: CertificateError.revoked(revoked)) { try senders.validate(certificate("kdh_rev")) }
        #expect(throws: CertificateError.wrongUsage(expected: .signing)) {
            try senders.validate(certificate("krd2048"))
        }
    }

    @Test("issuer and serial number stand in the tokens byte for byte")
    func issuerAndSerialNumber() throws {
        let token = try file("accept/aws2012-1pass-tdes2-ik.der")
        for name in ["krd2048", "kdh"] {
            #expect(try token.firstRange(of: certificate(name).issuerAndSerialNumber) != nil)
        }
    }
}
