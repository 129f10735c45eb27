import PaymentCrypto

extension RequestObject {
    /// AWS's KeyBlockHeaders; nothing asked for where there are none.
    mutating func header() throws -> HeaderOptions {
        var options = HeaderOptions()
        guard var headers = try object("KeyBlockHeaders") else { return options }
        options.exportability = try headers.exportability()
        options.keyVersion = try headers.keyVersion()
        if var modes = try headers.object("KeyModesOfUse") { options.modeOfUse = try modes.modeOfUse() }
        if var blocks = try headers.object("OptionalBlocks") { options.optionalBlocks = try blocks.optionalBlocks() }
        try headers.finish()
        return options
    }

    private mutating func exportability() throws(RequestError) -> Exportability? {
        guard let text = try text("KeyExportability") else { return nil }
        switch text {
        // Spelled out: .none alone would be nothing asked for.
        case "NON_EXPORTABLE": return Exportability.none
        case "SENSITIVE": return .sensitive
        case "EXPORTABLE": return .trusted
        default:
            throw .value(
                path: path(of: "KeyExportability"), expected: "NON_EXPORTABLE, SENSITIVE or EXPORTABLE",
                found: "'\(ShownText.line(text))'")
        }
    }

    private mutating func keyVersion() throws(RequestError) -> KeyVersionNumber? {
        guard let text = try text("KeyVersion") else { return nil }
        guard let version = try? Arguments.keyVersion(text) else {
            throw .value(
                path: path(of: "KeyVersion"), expected: "two digits or upper-case letters",
                found: "'\(ShownText.line(text))'")
        }
        return version
    }

    /// The letter of X9.143 that stands for what AWS says with a handful of switches.
    ///
    /// X9.143:2021, 6.3.3, table 4. AWS's guide writes Derive in an example where the operation has DeriveKey.
    private mutating func modeOfUse() throws(RequestError) -> ModeOfUse? {
        var asked: Set<String> = []
        for name in names where try flag(name) { asked.insert(name == "Derive" ? "DeriveKey" : name) }
        guard !asked.isEmpty else { return nil }
        let modes: [(Set<String>, ModeOfUse)] = [
            (["Encrypt", "Decrypt", "Wrap", "Unwrap"], .encryptAndDecrypt),
            (["Encrypt", "Decrypt"], .encryptAndDecrypt),
            (["Wrap", "Unwrap"], .encryptAndDecrypt), (["Encrypt", "Wrap"], .encrypt), (["Encrypt"], .encrypt),
            (["Wrap"], .encrypt), (["Decrypt", "Unwrap"], .decrypt), (["Decrypt"], .decrypt), (["Unwrap"], .decrypt),
            (["Generate", "Verify"], .macBoth), (["Generate"], .macGenerate), (["Verify"], .macVerify),
            (["Sign"], .sign), (["DeriveKey"], .deriveKeys), (["NoRestrictions"], .noRestriction),
        ]
        guard let mode = modes.first(where: { $0.0 == asked }) else {
            throw .value(
                path: location, expected: "modes that X9.143 has a letter for",
                found: asked.sorted().map { ShownText.line($0) }.joined(separator: ", "))
        }
        return mode.1
    }

    /// In the order of their identifiers, since members of a JSON object have none.
    private mutating func optionalBlocks() throws -> [OptionalBlockOption] {
        try names.map { name in
            let value = try requiredText(name)
            do throws(HeaderOptionError) { return try OptionalBlockOption(argument: "\(name)=\(value)") } catch {
                throw RequestError.value(
                    path: path(of: ShownText.line(name)), expected: "an optional block", found: "\(error)")
            }
        }
    }
}
