import Foundation
import Glibc

@testable import Facility
@_spi(Engine) @testable import PaymentCrypto

/// Secrets of the canary test's own, each written to a file that commands read, and all that follows from them.
struct CanarySecrets {
    /// Where the files are: apart from everything that is searched.
    let folder: String
    private(set) var search = SecretSearch()

    static let passphrase = "qv8Zt1-mWx4.Rk7hLp2Ny"
    private static let newPassphrase = "Jd5sQe0_bHn3uGc9Xa6Vt"
    private static let pin = "tK4wPz8rYm2c"
    /// Two components of each key; they were drawn once, and nobody uses them.
    private static let components: [(name: String, isTDES: Bool, parts: [String])] = [
        ("bdk", true, ["9B3D5E7A1C2F4068A7B9CDE0F1325476", "46E15D9F2B8A07C3D9E4180B6C7F3A52"]),
        ("wrap", true, ["5DA8C1E3F7096B2415C9EF7D3A80B64E", "E07F3B2D9C5146A88B1D60F42E97C35A"]),
        ("aes", false, ["C4F19A3BD07E52688E1D73F6AB490C25", "1B8E6D40F3A97C25D06F92BE4713A85C"]),
        (
            "wrap-aes", false,
            [
                "7E21B8D4C50F963AA1F4E06D8B37295CD3906AEF1C7B42850E8D5FB3A9614C27",
                "08C7F35A9B6E1D42E5B02C8F7419DA63F84B1E97C2A5603DB6719EC40D5F8A32",
            ]
        ),
        ("new", true, ["B5E26F90D1834C7A2E9C0B7F64D8A153", "2C97D3F48A61E05BF1380DC6A7B94E7D"]),
    ]
    private static let serialNumbers = numbers(1...40)
    /// Those of a run that is finished before the first command.
    private static let finishedSerialNumbers = numbers(41...60)

    private static func numbers(_ devices: ClosedRange<UInt64>) -> [UInt64] {
        devices.map { 0xFFFF_9876_5432_0000 + $0 << 5 }
    }

    /// A manifest whose initial keys are among the secrets.
    static var manifest: String { manifest(serialNumbers, counter: "0000") }
    /// The same for an AES key.
    static var aesManifest: String { manifest(serialNumbers, counter: "00000000") }
    /// The same of a run that is finished before the first command.
    static var finishedManifest: String { manifest(finishedSerialNumbers, counter: "0000") }

    private static func manifest(_ numbers: [UInt64], counter: String) -> String {
        let rows = numbers.enumerated().map { index, number in
            "T-\(index),\(String(number, radix: 16, uppercase: true))\(counter)\n"
        }
        return "device_id,ksn\n" + rows.joined()
    }

    init() throws {
        folder = try Workspace.scratchFolder()
        try write("passphrase", Self.passphrase)
        try write("new-passphrase", Self.newPassphrase)
        try write("pin", Self.pin)
        var keys: [String: [UInt8]] = [:]
        for key in Self.components {
            let parts = key.parts.map(Self.bytes)
            for (index, part) in parts.enumerated() {
                try write("\(key.name).\(index + 1)", key.parts[index])
                try search.add("component \(index + 1) of \(key.name)", part)
            }
            let whole = zip(parts[0], parts[1]).map { $0 ^ $1 }
            keys[key.name] = whole
            try search.add("key \(key.name)", whole)
        }
        try write("short", String(Self.components[0].parts[0].dropLast(2)))
        try addDerived(keys)
    }

    /// The master key of a site that the passphrase opens is a secret of this test, too, and so are its RSA keys.
    mutating func addMasterKey(of path: String) throws {
        let opened = try Self.open(path)
        try search.add("master key", opened.masterKey.bytes.withExposedBytes { Array($0) })
        for purpose in [MasterKey.Purpose.keyBlocks, .siteSettings, .keyring, .auditLog, .runJournal] {
            let subkey = try opened.masterKey.subkey(purpose)
            try search.add("subkey \(purpose)", subkey.bytes.withExposedBytes { Array($0) })
        }
        try addRSAKeys(of: path)
    }

    /// The secret numbers of every RSA key in a site, its own CAs' included.
    mutating func addRSAKeys(of path: String) throws {
        let opened = try Self.open(path)
        let keyring = try opened.keyring()
        let keys =
            keyring.rsaKeys.map { ($0.name.description, $0.keyBlock, $0.publicKey) }
            + keyring.authorities.map { ("CA \($0.role)", $0.keyBlock, $0.certificate.publicKey) }
        for (name, keyBlock, publicKey) in keys {
            guard let keyBlock else { continue }
            let key = try opened.openPrivateKey(keyBlock, of: publicKey)
            let secret: [RSANumber] = [.privateExponent, .prime1, .prime2, .exponent1, .exponent2, .coefficient]
            guard let numbers = RSANumbers(of: key.handle, secret) else {
                throw HarnessError("an RSA key has no numbers")
            }
            for number in secret { try search.add("\(number) of \(name)", numbers.withBytes(number) { Array($0) }) }
        }
    }

    private static func open(_ path: String) throws -> UnlockedSite {
        let site = try Site(at: path)
        var secrets = CustodianSecrets(scrypt: site.scrypt)
        var line = SecretLine()
        for byte in passphrase.utf8 { _ = line.append(byte) }
        try secrets.add(Passphrase(line))
        return try site.unlock(with: secrets)
    }

    private mutating func addDerived(_ keys: [String: [UInt8]]) throws {
        for (name, isTDES) in [("bdk", true), ("new", true), ("aes", false)] {
            let bdk = try BaseDerivationKey(Self.key(keys[name], isTDES))
            if let variant = bdk.makeVariant() {
                try search.add("variant of \(name)", variant.bytes.withExposedBytes { Array($0) })
            }
            let source = BaseKeySource(bdk)
            for number in Self.serialNumbers + Self.finishedSerialNumbers {
                let serial = InitialKeySerialNumber(family: source.family, leading: number)
                let initialKey = try source.initialKey(for: serial)
                try search.add("initial key of \(name)", initialKey.bytes.withExposedBytes { Array($0) })
            }
        }
        for (name, version) in [("wrap", KeyBlockVersion.b), ("wrap-aes", .d), ("wrap-aes", .e)] {
            let wrapping = try Self.key(keys[name], version.isTDES)
            let derived = try KeyBlockKeys(from: wrapping, version: version, engine: OpenSSLEngine())
            try search.add("encryption key of \(name)", derived.encryption.bytes.withExposedBytes { Array($0) })
            try search.add("MAC key of \(name)", derived.authentication.bytes.withExposedBytes { Array($0) })
        }
    }

    private mutating func write(_ name: String, _ text: String) throws {
        try Data("\(text)\n".utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        chmod("\(folder)/\(name)", 0o600)
        try search.add(name, Array(text.utf8))
    }

    private static func key(_ bytes: [UInt8]?, _ isTDES: Bool) throws -> SymmetricKey {
        let algorithms = KeyAlgorithm.allCases.filter { $0.isTDES == isTDES && $0.byteCount == bytes?.count }
        guard let bytes, let algorithm = algorithms.first else { throw HarnessError("no key can be made of this") }
        return SymmetricKey(algorithm: algorithm) { $0.copyBytes(from: bytes) }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = text.utf8.map { UInt8(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
