import Facility
import PaymentCrypto

extension RunRecord {
    /// The record of a run that has written everything but this.
    init(
        _ run: ProvisionRun, made: ProvisionPass.Product, checked: CheckedManifest, keys: FleetKeys,
        environment: SiteEnvironment
    ) {
        let options = run.options
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
            header: run.header.record(for: keys.protectionKeys.values.map { $0.key.algorithm }), layout: options.layout,
            kcvAlgorithm: options.checkValueMethod?.reportName, kcvBytes: options.checkValueByteCount,
            operators: options.operators, note: options.note, jobs: options.manifest.jobs, counts: made.counts,
            notices: Self.notices(environment, checked.result),
            timings: made.timings)
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

extension RunRecord.Key {
    init(_ name: String, _ algorithm: KeyAlgorithm, _ checkValue: CheckValue) {
        self.init(
            name: name, algorithm: algorithm.reportName, kcv: checkValue.description,
            kcvAlgorithm: checkValue.method.reportName)
    }
}
