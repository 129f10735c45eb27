import Facility
import PaymentCrypto

extension JournalOpening {
    /// What a run was asked for, with what its check has found.
    init(_ run: ProvisionRun, _ checked: CheckedManifest) {
        self.init(
            run: run.id, tool: run.options.toolVersion, started: run.started.recordText,
            operators: run.options.operators, options: Self.options(run.options),
            headers: run.headers.journalSettings(Set(checked.pairs.map(\.profile))),
            keys: run.directory.journalSettings(checked.pairs), manifest: checked.result.digest?.description ?? "",
            devices: checked.result.acceptedDeviceCount, rejectedRows: checked.result.rejectedRowCount,
            receivers: String(checked.result.receiverSum))
    }

    /// Refuses options that the run was not begun with; looks at nothing else, so the manifest need not be read.
    func checkOptions(of options: ProvisionOptions) throws {
        guard schema == Self.currentSchema, tool == options.toolVersion else {
            throw ResumeError.different(what: "version", expected: tool, found: options.toolVersion)
        }
        try Self.compare(self.options, Self.options(options))
    }

    /// Refuses a manifest that the run was not begun with.
    func checkManifest(_ digest: SHA256Digest?) throws {
        let found = digest?.description ?? ""
        guard found == manifest else {
            throw ResumeError.otherManifest(expected: manifest, found: found)
        }
    }

    /// Refuses whatever else is not as it was: keys, headers, certificates, and which rows are refused.
    func check(_ other: JournalOpening) throws {
        try Self.compare(keys, other.keys)
        try Self.compare(headers, other.headers)
        guard receivers == other.receivers else { throw ManifestReadError.certificatesChanged }
        guard (devices, rejectedRows) == (other.devices, other.rejectedRows) else {
            throw ResumeError.different(
                what: "devices and rows refused", expected: "\(devices), \(rejectedRows)",
                found: "\(other.devices), \(other.rejectedRows)")
        }
    }

    private static func compare(_ settings: [Setting], _ others: [Setting]) throws {
        for setting in settings {
            let found = others.first { $0.name == setting.name }?.value ?? ""
            guard found == setting.value else {
                throw ResumeError.different(what: setting.name, expected: setting.value, found: found)
            }
        }
        for other in others where !settings.contains(where: { $0.name == other.name }) {
            throw ResumeError.different(what: other.name, expected: "", found: other.value)
        }
    }

    private static func options(_ options: ProvisionOptions) -> [Setting] {
        let manifest = options.manifest
        return [
            Setting("--bdk", manifest.baseKey?.description), Setting("--kbpk", manifest.protectionKey?.description),
            Setting("--transport", options.transport.name.rawValue), Setting("--layout", options.layout.rawValue),
            Setting("--keep-going", options.keepsGoing ? "yes" : nil),
            Setting("--map", manifest.mappings.map { "\($0.ours.rawValue)=\($0.theirs)" }.joined(separator: " ")),
            Setting("--ksn-padding", manifest.padding.rawValue), Setting("--profile", options.profile?.description),
            Setting("--kcv-algorithm", options.checkValueMethod?.rawValue),
            Setting("--kcv-bytes", options.checkValueByteCount.map(String.init)),
            Setting("--tdes-engine", options.tdesEngine.rawValue), Setting("--note", options.note),
            Setting("--again", manifest.again),
        ] + options.header.journalSettings + options.transport.journalSettings
    }
}

extension HeaderOptions {
    /// The options as the command line has them.
    fileprivate var journalSettings: [JournalOpening.Setting] {
        [
            .init("--mode-of-use", modeOfUse.map { "\($0)" }),
            .init("--exportability", exportability.map { "\($0)" }),
            .init("--allow-exportable", allowsExportable ? "yes" : nil),
            .init("--key-version", keyVersion.map { "\($0)" }),
            .init("--key-block-version", keyBlockVersion.map { "\($0)" }),
            .init("--optional-block", optionalBlocks.map(\.journalText).joined(separator: " ")),
            .init("--no-ksn-block", includesSerialNumberBlock ? nil : "yes"),
            .init("--no-length-obfuscation", obfuscatesLength ? nil : "yes"),
        ]
    }

    /// The same on one line.
    fileprivate var journalText: String {
        journalSettings.filter { !$0.value.isEmpty }.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
}

extension OptionalBlockOption {
    fileprivate var journalText: String {
        guard let pieces else { return "\(id)" }
        let texts = pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .deviceID: "{device_id}"
            }
        }
        return "\(id)=\(texts.joined())"
    }
}

extension HeaderPlans {
    /// The headers of rows with these profiles, and of rows that name none.
    fileprivate func journalSettings(_ profiles: Set<Int32>) -> [JournalOpening.Setting] {
        profiles.union([Int32(truncatingIfNeeded: standardIndex)]).sorted().map { index in
            .init(
                profile(index).map { "header profile '\($0)'" } ?? "header options",
                self[index]?.options.journalText)
        }
    }
}

extension KeyDirectory {
    /// The keys of a run: what tells them apart, and their names in the report.
    fileprivate func journalSettings(_ pairs: Set<KeyPair>) -> [JournalOpening.Setting] {
        let base = baseKeys(of: pairs).sorted().map { index in
            JournalOpening.Setting("key '\(entries[index].name)', KCV", entries[index].journalText)
        }
        let protection = protectionKeys(of: pairs).sorted().map { index in
            JournalOpening.Setting("key '\(entries[index].name)', KCV", entries[index].journalText)
        }
        let signer = signer.map {
            [JournalOpening.Setting("key '\($0.name)', public key", $0.publicKeyDigest?.description)]
        }
        return base + protection + (signer ?? []) + receiverSettings
    }

    private var receiverSettings: [JournalOpening.Setting] {
        receivers.map { [.init("anchors", $0.anchorSha256.joined(separator: " "))] } ?? []
    }
}

extension KeyringEntry {
    fileprivate var journalText: String {
        "\(checkValue) \(algorithm.reportName)\(fingerprint.map { " \($0)" } ?? "")"
    }
}

extension RunTransport {
    /// What a transport to public keys was told; anchors and certificates are among the keys.
    fileprivate var journalSettings: [JournalOpening.Setting] {
        var settings: [JournalOpening.Setting] = []
        switch self {
        case .keyBlocks: return []
        case .tokens(let signer, _): settings = signer.journalSettings
        case .cryptograms(let hash, _): settings = [.init("--hash", hash.rawValue)]
        }
        guard let trust else { return settings }
        if case .enrolled(let name) = trust.anchor { settings.append(.init("the anchor", name.description)) }
        return settings + [.init("revocation lists", trust.revocation.journalText)]
    }
}

extension TokenSigner {
    fileprivate var journalSettings: [JournalOpening.Setting] {
        let name: String
        switch key {
        case .named(let key): name = "--kdh-key \(key)"
        case .exchange(let token): name = "--export-token \(token)"
        }
        return [
            .init("the signer", name), .init("--tr34-profile", profile.rawValue),
            .init("--kdh-crl", revocationLists.journalText),
            .init("--kdh-certificate", certificate.map(\.sha256.description)),
        ]
    }
}

extension CertificateValidator.Revocation {
    fileprivate var journalText: String {
        switch self {
        case .unchecked: "--no-crl"
        case .lists(let lists): lists.journalText
        }
    }
}

extension [CertificateRevocationList] {
    fileprivate var journalText: String {
        map { Hexadecimal.text(ContentDigest.sha256($0.der)) }.joined(separator: " ")
    }
}
