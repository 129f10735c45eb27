import Facility
import Foundation
import Glibc
import PaymentCrypto
import Testing

@testable import Provisioning

/// A throw-away test site with keys for every role, in a folder of its own, and runs over manifests in it.
final class RunFixture {
    let folder: String
    let site: UnlockedSite
    /// What a run knows of header profiles, whatever the site keeps.
    var profiles = HeaderProfiles()
    var keyring: Keyring { get throws { try site.keyring() } }

    /// Two TDES BDKs, one of them under two names, an AES BDK, and wrapping keys for both.
    init(_ environment: SiteEnvironment = .test) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("ipek-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        folder = url.path
        site = try Self.makeSite(url.path + "/site", environment)
        try add("acme", .baseDerivationKey, .tdes2Key)
        try addAgain("acme", as: "acme-again")
        try add("aes", .baseDerivationKey, .aes128)
        try add("aes-big", .baseDerivationKey, .aes256)
        try add("wrap", .keyBlockProtection, .tdes3Key)
        try add("wrap-aes", .keyBlockProtection, .aes256)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func makeSite(_ path: String, _ environment: SiteEnvironment) throws -> UnlockedSite {
        let scrypt = try #require(try ScryptParameters.random(logN: 12))
        var line = SecretLine()
        for byte in "correct horse battery".utf8 { _ = line.append(byte) }
        var secrets = CustodianSecrets(scrypt: scrypt)
        try secrets.add(try Passphrase(line))
        return try NewSite(path: path, environment: environment, quorum: 1).make(for: secrets)
    }

    private func add(_ name: String, _ usage: KeyUsage, _ algorithm: KeyAlgorithm) throws {
        try add(SymmetricKey.random(algorithm), name, usage)
    }

    /// Adds a key with these optional blocks.
    func add(
        _ key: borrowing SymmetricKey, _ name: String, _ usage: KeyUsage, blocks: [OptionalBlock] = []
    ) throws {
        let header = KeyBlockHeader(
            version: .d, keyUsage: usage, algorithm: KeyBlockAlgorithm(key.algorithm), optionalBlocks: blocks)
        var event = AuditEvent("key import")
        _ = try site.add(
            key, as: .init(name: try Self.name(name), header: header, origin: "a test"), recording: &event)
    }

    /// A key from its digits, by the way that components take.
    static func key(_ digits: String, _ algorithm: KeyAlgorithm) throws -> SymmetricKey {
        var line = SecretLine()
        for byte in digits.utf8 { _ = line.append(byte) }
        var components = KeyComponents(algorithm: algorithm)
        try components.add(try KeyComponent(line, algorithm: algorithm))
        return try components.combine()
    }

    private func addAgain(_ name: String, as other: String) throws {
        try add(site.key(named: try Self.name(name), for: .baseDerivation), other, .baseDerivationKey)
    }

    static func name(_ text: String) throws -> KeyName { try #require(KeyName(text)) }

    // MARK: Runs

    /// Options for `acme` under `wrap`, one job, layout csv.
    func options(_ output: String = "out") throws -> ProvisionOptions {
        var manifest = ManifestOptions(name: "m.csv")
        manifest.baseKey = try Self.name("acme")
        manifest.protectionKey = try Self.name("wrap")
        var options = ProvisionOptions(manifest: manifest, output: path(output), toolVersion: "0")
        options.layout = .csv
        return options
    }

    func run(
        _ text: String, _ options: ProvisionOptions, interruption: Interruption = Interruption(), resumes: Bool = false,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in },
        witness: (RunMoment) throws -> Void = { _ in }
    ) throws -> ProvisionRun.Outcome {
        if logBefore == nil { logBefore = FileManager.default.contents(atPath: path("site/audit.jsonl")) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: manifestPath))
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: manifestPath))
        defer { try? file.close() }
        let interrupted =
            resumes ? try InterruptedRun(options.output, site: site.site, key: site.runJournalKey()) : nil
        return try ProvisionRun(
            options, in: site.site, keyring: try keyring, profiles: profiles, interruption: interruption,
            resuming: interrupted
        )
        .run(
            manifest: file.fileDescriptor, site: site, tokens: NoTokens(), resuming: interrupted, progress: progress,
            witness: witness)
    }

    /// A run that must finish.
    @discardableResult
    func finish(_ text: String, _ options: ProvisionOptions) throws -> RunRecord {
        guard case .finished(let record, _) = try run(text, options) else { throw Unfinished() }
        return record
    }

    /// Makes the site one in which nothing was issued, so that the same devices can be provisioned again.
    func forgetRuns() throws {
        for name in ["site/ledger.sqlite", "site/runs"] where FileManager.default.fileExists(atPath: path(name)) {
            try FileManager.default.removeItem(atPath: path(name))
        }
        // Its lines tell of the ledger.
        try logBefore?.write(to: URL(fileURLWithPath: path("site/audit.jsonl")))
    }

    /// The audit log as it was before the first run.
    private var logBefore: Data?

    struct Unfinished: Error {}

    // MARK: Files

    var manifestPath: String { path("m.csv") }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
    }

    func append(_ text: String, to name: String) throws {
        var bytes = [UInt8]()
        if let found = try? Data(contentsOf: URL(fileURLWithPath: path(name))) { bytes = Array(found) }
        try overwrite(name, with: bytes + Array(text.utf8))
    }

    /// The same file with other content, so that its mode stays.
    func overwrite(_ name: String, with bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)), options: [])
        chmod(path(name), 0o600)
    }

    /// What lies in the fixture's folder beside the site and the manifest.
    var leftovers: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "site" && $0 != "m.csv" }
                .sorted()
        }
    }

    /// Opens a key block and compares the key with what the BDK gives for this serial number.
    func holds(_ keyBlock: String, bdk: String, kbpk: String, ksn: String) throws -> Bool {
        let wrapping = try site.key(named: try Self.name(kbpk), for: .wrapping)
        let base = try site.baseKey(try site.keyring().entry(Self.name(bdk)), tokens: NoTokens())
        let initialKey = try base.initialKey(for: KeySerialNumber(ksn, family: base.family).initial)
        return try KeyBlock.open(keyBlock, under: wrapping).takeKey().isEqual(to: initialKey)
    }
}
