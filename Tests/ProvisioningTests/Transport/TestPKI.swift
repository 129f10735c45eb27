import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// An authority for devices, and the key pairs of some, made once for all tests.
struct TestPKI: Sendable {
    struct Device: Sendable {
        let key: DecryptionKey
        let certificate: Certificate
    }

    let authority: CertificateAuthority
    /// By the name of the file that a manifest names: four of RSA-2048, one of RSA-3072.
    let devices: [String: Device]
    /// Of `d1`, in files that are good for nothing: what is wrong, by their names.
    let faulty: [String: Certificate]

    static let shared = Result { try TestPKI() }

    private init() throws {
        let now = Moment.now
        let (from, to) = (now.adding(days: -10), now.adding(days: 100))
        let key = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        let root = try CertificateAuthority.selfSigned(
            key: key, subject: try DistinguishedName("/CN=TEST device root"), from: from, to: to)
        let authority = CertificateAuthority(key: key, certificate: root)
        func issue(_ key: RSAPublicKey, _ name: String, from: Moment, to: Moment) throws -> Certificate {
            try authority.issue(
                to: key, subject: try DistinguishedName("/CN=\(name)"), purpose: .keyReceiving, from: from, to: to)
        }
        var devices: [String: Device] = [:]
        for (name, size) in [("d1", RSAKeySize.rsa2048), ("d2", .rsa2048), ("d3", .rsa2048), ("big", .rsa3072)] {
            let key = DecryptionKey(try RSAPrivateKey.generate(size))
            devices[name] = Device(
                key: key, certificate: try issue(key.publicKey, "TEST \(name)", from: from, to: to))
        }
        let first = try #require(devices["d1"])
        let other = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        let otherRoot = try CertificateAuthority.selfSigned(
            key: other, subject: try DistinguishedName("/CN=TEST other root"), from: from, to: to)
        faulty = [
            "expired": try issue(first.key.publicKey, "e", from: from, to: now.adding(days: -1)),
            "early": try issue(first.key.publicKey, "f", from: now.adding(days: 1), to: to),
            "stranger": try CertificateAuthority(key: other, certificate: otherRoot).issue(
                to: first.key.publicKey, subject: try DistinguishedName("/CN=s"), purpose: .keyReceiving, from: from,
                to: to),
            "signer": try authority.issue(
                to: first.key.publicKey, subject: try DistinguishedName("/CN=k"), purpose: .signing, from: from,
                to: to),
            "root": root,
        ]
        (self.authority, self.devices) = (authority, devices)
    }

    /// The authority's list, with these certificates revoked a day ago.
    func list(revoking certificates: [Certificate]) throws -> CertificateRevocationList {
        let now = Moment.now
        return try authority.revocationList(
            number: 1, revoked: certificates.map { ($0.serialNumber, now.adding(days: -1)) },
            from: now.adding(days: -2), to: now.adding(days: 2))
    }

    /// Writes every certificate into a folder, `certs/NAME.pem`.
    func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/certs", withIntermediateDirectories: false)
        for (name, certificate) in devices.mapValues(\.certificate).merging(faulty, uniquingKeysWith: { $1 }) {
            try Data(certificate.pem.utf8).write(to: URL(fileURLWithPath: "\(folder)/certs/\(name).pem"))
        }
    }
}

extension RunFixture {
    /// The fixture of a fleet with certificates, and a key that signs: `kdh`.
    static func withCertificates(_ environment: SiteEnvironment = .test) throws -> RunFixture {
        let fixture = try RunFixture(environment)
        try TestPKI.shared.get().write(to: fixture.folder)
        var event = AuditEvent("key generate")
        _ = try fixture.site.generate(
            .rsa2048, as: .init(name: try name("kdh"), usage: .sign, origin: "a test"), recording: &event)
        return fixture
    }

    /// Options for `acme` by this transport; the manifest lies beside the folder of certificates.
    func options(
        _ transport: KeyTransport, _ profile: TR34Profile = .aws2012,
        revocation: CertificateValidator.Revocation = .unchecked, output: String = "out"
    ) throws -> ProvisionOptions {
        var options = try options(output)
        options.manifest.name = manifestPath
        options.manifest.protectionKey = nil
        let trust = CertificateTrust(
            .given([try TestPKI.shared.get().authority.certificate]), revocation: revocation)
        options.transport =
            transport == .tr34
            ? .tokens(TokenSigner(.named(try Self.name("kdh")), profile: profile), trust)
            : .cryptograms(.sha256, trust)
        return options
    }
}
