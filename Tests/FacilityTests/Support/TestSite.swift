import FoundationEssentials
import Glibc
import PaymentCrypto
import Testing

@testable import Facility

/// A throw-away site in a folder of its own, with the least cost of scrypt.
final class TestSite {
    let folder: String
    var path: String { folder + "/site" }

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "ipek-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        folder = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Makes the site for custodians whose passphrases are numbered.
    func make(
        _ environment: SiteEnvironment = .test, custodians: Int = 1, quorum: Int? = nil
    ) throws -> UnlockedSite {
        let new = try NewSite(path: path, environment: environment, quorum: quorum ?? custodians)
        let scrypt = try #require(try ScryptParameters.random(logN: 12))
        return try new.make(for: try Self.secrets(Array(0..<custodians), scrypt))
    }

    /// Opens the site with the passphrases of these people.
    func unlock(_ people: [Int] = [0]) throws -> UnlockedSite {
        let site = try Site(at: path)
        return try site.unlock(with: try Self.secrets(people, site.scrypt))
    }

    func read(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(path)/\(file)")))
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(file)"))
        chmod("\(path)/\(file)", 0o600)
    }

    /// The names of everything in the site's folder.
    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    static func passphrase(_ person: Int) throws -> Passphrase {
        var line = SecretLine()
        for byte in "the passphrase of person \(person)".utf8 { _ = line.append(byte) }
        return try Passphrase(line)
    }

    private static func secrets(_ people: [Int], _ scrypt: ScryptParameters) throws -> CustodianSecrets {
        var secrets = CustodianSecrets(scrypt: scrypt)
        for person in people { try secrets.add(try passphrase(person)) }
        return secrets
    }
}

extension UnlockedSite.NewKey {
    /// A new key with its usage's own mode.
    init(_ name: String, _ usage: KeyUsage = .baseDerivationKey, _ algorithm: KeyAlgorithm = .aes128) throws {
        self.init(
            name: try #require(KeyName(name)),
            header: KeyBlockHeader(version: .d, keyUsage: usage, algorithm: KeyBlockAlgorithm(algorithm)),
            origin: "a test")
    }
}

extension SymmetricKey {
    /// A key from its digits, by the way that components take.
    static func test(_ digits: String, _ algorithm: KeyAlgorithm) throws -> SymmetricKey {
        var line = SecretLine()
        for byte in digits.utf8 { _ = line.append(byte) }
        var components = KeyComponents(algorithm: algorithm)
        try components.add(try KeyComponent(line, algorithm: algorithm))
        return try components.combine()
    }
}
