import Facility
import PaymentCrypto

extension RunRecord {
    /// The record of a run that has written everything but this.
    init(
        _ run: ProvisionRun, made: ProvisionPass.Product, checked: CheckedManifest, keys: FleetKeys,
        environment: SiteEnvironment
    ) {
        let options = run.options
        let headers = Self.headers(run.headers, checked.pairs, keys)
        self.init(
            runId: run.id, tool: Tool(version: options.toolVersion),
            environment: environment.rawValue, started: run.started.recordText,
            ended: KeyBlockTime.now.recordText,
            manifest: Manifest(
                name: options.manifest.name, sha256: checked.result.digest?.description ?? "",
                rows: checked.result.rowCount),
            bdk: keys.baseKeys.values.sorted { $0.name < $1.name }
                .map { Key($0.name, $0.key.algorithm, $0.checkValue) },
            kbpk: keys.protectionKeys.values.sorted { $0.name < $1.name }
                .map { Key($0.name, $0.key.algorithm, $0.checkValue) },
            header: options.transport.carriesHeader ? headers.standard : nil,
            profiles: headers.others.isEmpty ? nil : headers.others, transport: options.transport.name.rawValue,
            layout: options.layout,
            kcvAlgorithm: options.checkValueMethod?.reportName, kcvBytes: options.checkValueByteCount,
            tdesEngine: options.tdesEngine == .auto ? nil : options.tdesEngine.rawValue,
            operators: run.operators, note: options.note, again: options.manifest.again,
            jobs: options.manifest.jobs, counts: made.counts,
            notices: Self.notices(environment, checked.result),
            timings: made.timings)
        add(options.transport, run.directory, keys)
    }

    /// What only the transports to a public key have.
    private mutating func add(_ transport: RunTransport, _ directory: KeyDirectory, _ keys: FleetKeys) {
        switch transport {
        case .keyBlocks: return
        case .tokens(let signer, _):
            tr34Profile = signer.profile.rawValue
            kdh = keys.sender.flatMap { sender in directory.signer.map { Signer($0, sender.certificate) } }
        case .cryptograms(let hash, _): oaepHash = hash.rawValue
        }
        receivers = directory.receivers
    }

    /// The header of rows that name no profile, and those of the profiles that rows name, each with its own keys.
    private static func headers(
        _ plans: HeaderPlans, _ pairs: Set<KeyPair>, _ keys: FleetKeys
    ) -> (standard: Header, others: [Header]) {
        func algorithms(_ pairs: some Sequence<KeyPair>) -> [KeyAlgorithm] {
            pairs.compactMap { keys.protectionKeys[Int($0.protectionKey)]?.key.algorithm }
        }
        let byProfile = Dictionary(grouping: pairs, by: \.profile)
        let standard = Int32(truncatingIfNeeded: plans.standardIndex)
        return (
            plans.standardRecord(for: algorithms(byProfile[standard] ?? [])),
            byProfile.keys.sorted().filter { $0 != standard }
                .compactMap { plans.record($0, for: algorithms(byProfile[$0] ?? [])) }
        )
    }

    /// What was worth knowing; of a test site, above all that it is one.
    private static func notices(_ environment: SiteEnvironment, _ result: ManifestCheckResult) -> [String] {
        let remarks = result.diagnostics.kept.filter { $0.severity != .error }.map(\.description)
        return (environment == .test ? ["TEST: made on a test site, for no device in use"] : []) + remarks
    }

    /// The start of the run and a few random digits, so that two runs of one second differ.
    static func newID(_ started: KeyBlockTime) -> String {
        let random = UInt32.random(in: 0...UInt32.max)
        let digits = Hexadecimal.text((0..<4).map { UInt8(truncatingIfNeeded: random >> UInt32(24 - 8 * $0)) })
        return "\(started.compactText)-\(digits.lowercased())"
    }
}

extension RunRecord.Signer {
    fileprivate init(_ entry: RSAKeyEntry, _ certificate: Certificate) {
        self.init(
            name: entry.name.description, algorithm: entry.size.reportName, certificateSubject: certificate.subject,
            certificateSha256: certificate.sha256.description)
    }
}

extension RunRecord.Receivers {
    /// What a run was told of its receivers; nil for key blocks.
    init?(_ transport: RunTransport, _ keyring: Keyring) throws {
        guard let trust = transport.trust else { return nil }
        switch trust.anchor {
        case .enrolled(let name):
            let certificate = try keyring.anchor(name, for: .krd).certificate
            (anchor, anchorSha256) = (name.description, [certificate.sha256.description])
        case .given(let certificates): (anchor, anchorSha256) = (nil, certificates.map(\.sha256.description))
        }
        if case .unchecked = trust.revocation { revocationChecked = false } else { revocationChecked = true }
    }
}

extension RunRecord.Key {
    init(_ name: String, _ algorithm: KeyAlgorithm, _ checkValue: CheckValue) {
        self.init(
            name: name, algorithm: algorithm.reportName, kcv: checkValue.description,
            kcvAlgorithm: checkValue.method.reportName)
    }
}
