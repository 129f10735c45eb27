import Facility
import PaymentCrypto

/// What the first pass found, with the keys that the manifest uses.
struct CheckedManifest {
    let check: ManifestCheck
    let result: ManifestCheckResult
    /// The pairs of keys that accepted devices use, and the options' own where no row can name another.
    let pairs: Set<KeyPair>
    /// What the ledger is asked for: the numbers of all devices that can be provisioned.
    let claims: [LedgerClaim]
}

/// Drives the first pass over the pipeline.
struct CheckPass {
    let options: ManifestOptions
    let site: Site
    /// A run that was interrupted and has its numbers already.
    var resumed: RunIdentifier?
    let interruption: Interruption

    private final class Chunk {
        let manifest: ManifestChunk
        let devices: DeviceColumns

        init(capacity: Int) {
            manifest = ManifestChunk(capacity: capacity)
            devices = DeviceColumns(capacity: capacity)
        }
    }

    private final class Worker {}

    /// Reads the whole manifest and finds every fault in it.
    func run(
        _ descriptor: Int32, _ directory: KeyDirectory, progress: @escaping (RunProgress) -> Void
    ) throws -> CheckedManifest {
        let source = ManifestSource(
            descriptor: descriptor, name: options.name, keys: directory.manifestKeys, mappings: options.mappings,
            padding: options.padding)
        let ledger = LedgerSearch(
            site: site, fingerprints: directory.entries.map(\.fingerprint), resumed: resumed,
            reissues: options.again != nil)
        let check = ManifestCheck(
            source, ledger: ledger, limit: options.showsAllFaults ? nil : DiagnosticList.defaultLimit)
        var devices = 0
        let workers = max(1, options.jobs)
        let chunks = (0..<workers + 2).map { _ in Chunk(capacity: options.chunkCapacity) }
        let pipeline = Pipeline(chunks: chunks, workers: (0..<workers).map { _ in Worker() })
        var pairs = PairCollector()
        while true {
            let look = try check.beginLook()
            try pipeline.run(
                read: { chunk in
                    if interruption.isRequested { throw ProvisioningError.interrupted }
                    return try look.reader.fill(chunk.manifest)
                },
                work: { _, chunk in look.validator.examine(chunk.manifest, into: chunk.devices) },
                deliver: { chunk in
                    try check.collect(chunk.devices, of: chunk.manifest)
                    pairs.collect(chunk.devices)
                    devices += chunk.devices.count
                    progress(.checking(devices: devices))
                })
            guard try check.finishLook() else {
                if let pair = directory.manifestKeys.defaultPair, look.header.namesNoKeys { pairs.insert(pair) }
                return CheckedManifest(
                    check: check, result: check.result(header: look.header), pairs: pairs.pairs,
                    claims: try ledger.claims(try check.takeNumbers(), reissuing: check.issued))
            }
        }
    }
}

extension ManifestCheckResult {
    /// Refuses a manifest that is not the one that was approved.
    func check(expected: SHA256Digest?) throws {
        guard let expected, expected != digest else { return }
        throw ProvisioningError.unexpectedManifest(
            expected: expected.description, found: digest?.description ?? "nothing")
    }
}

extension ManifestHeader {
    /// Whether every row uses the options' keys and profile.
    fileprivate var namesNoKeys: Bool {
        positions.baseKey < 0 && positions.protectionKey < 0 && positions.profile < 0
    }
}

extension ManifestKeys {
    /// The options' own keys, where both are given.
    fileprivate var defaultPair: KeyPair? {
        guard let defaultBaseKey, let protectionKey = needsProtectionKey ? defaultProtectionKey : -1 else { return nil }
        return KeyPair(
            baseKey: Int32(defaultBaseKey), protectionKey: Int32(protectionKey), profile: Int32(defaultProfile))
    }
}

/// Collects the pairs of keys that devices use; neighbours mostly use the same.
private struct PairCollector {
    private(set) var pairs: Set<KeyPair> = []
    private var last: KeyPair?

    mutating func insert(_ pair: KeyPair) { pairs.insert(pair) }

    mutating func collect(_ devices: DeviceColumns) {
        for device in 0..<devices.count where devices.status[device] == .accepted {
            let pair = devices.pair(device)
            if pair == last { continue }
            last = pair
            pairs.insert(pair)
        }
    }
}
