import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

extension KeyImportCommand {
    func validateCryptogram() throws {
        try receive.checkCryptogram()
        guard components.usage != nil else { throw ValidationError("--rsa-oaep needs --usage") }
        guard components.algorithm != nil else { throw ValidationError("--rsa-oaep needs --algorithm") }
    }

    func importCryptogram(_ file: String, _ keeper: KeyKeeper) throws {
        guard let usage = components.usage, let algorithm = components.algorithm else { return }
        var keeper = keeper
        let header = try header.header(usage: usage, algorithm: algorithm, keeper: &keeper)
        let input = try KeyMaterialFile(file)
        let cryptogram = try Self.cryptogram(input, file)
        keeper.stated = try input.statedCheckValue()
        _ = try receive.entry(in: try global.readSite().keyring(), at: .now)
        let report = try global.audited("key import") { site, event in
            event.add(name)
            event.add(
                fact: "cryptogram", Hexadecimal.text(ContentDigest.sha256(cryptogram)).lowercased())
            let entry = try receive.entry(in: try site.keyring(), at: .now)
            event.add(fact: "private key", entry.name.description)
            let key = try open(cryptogram, with: try site.decryptionKey(entry), as: algorithm, file: file)
            if let warning = try site.site.strengthWarning(of: key, underRSA: entry.size.bitCount) {
                keeper.say(warning)
            }
            let new = UnlockedSite.NewKey(
                name: name, header: header, origin: "RSA-OAEP cryptogram under \(entry.name)")
            return try keeper.keep(key, as: new, in: site, &event)
        }
        try keeper.show(report)
    }

    private static func cryptogram(_ input: KeyMaterialFile, _ file: String) throws -> [UInt8] {
        let text = String(decoding: try input.material(.cryptogram), as: UTF8.self)
        guard let bytes = Hexadecimal.bytes(text) else {
            throw CommandFailure(.badInput, at: file, "expected hexadecimal digits, found something else")
        }
        return bytes
    }

    private func open(
        _ cryptogram: [UInt8], with key: DecryptionKey, as algorithm: KeyAlgorithm, file: String
    ) throws -> SymmetricKey {
        do throws(KeyCryptogramError) {
            return try KeyCryptogram.open(cryptogram, with: key, hash: receive.hash ?? .sha256, as: algorithm)
        } catch {
            throw FileRefusal(file: file, error: error)
        }
    }
}

extension Site {
    /// What to say of a key that came for a weaker RSA key; a production site refuses it.
    func strengthWarning(of key: borrowing SymmetricKey, underRSA bitCount: Int) throws -> Message? {
        let wrapped = key.effectiveAlgorithm
        guard !KeyStrength.permits(wrapping: wrapped, underRSA: bitCount) else { return nil }
        let what = "a key of \(wrapped.reportName) came under the weaker RSA-\(bitCount)"
        guard environment == .test else { throw FacilityError.policy(.weakerTransport(what)) }
        return Message(what, severity: .warning, hint: "a production site refuses it")
    }
}
