public import Facility
import PaymentCrypto

/// A moment of a run that must be written down before the run goes on.
public enum RunMoment: Sendable {
    /// The manifest is checked; now the keys are taken out.
    case beginning(RunBeginning)
    /// Everything is on disk but has not got its name yet; `sums` is the SHA-256 of `SHA256SUMS`.
    case ending(RunRecord, sums: String)
}

/// What is known of a run when its keys are taken out.
public struct RunBeginning: Sendable {
    let id: String
    let manifestDigest: SHA256Digest?
    let deviceCount: Int
    let again: String?
    let baseKeys: [KeyringEntry]
    let protectionKeys: [KeyringEntry]
    let transport: KeyTransport
    let signer: KeyName?
    let receivers: RunRecord.Receivers?

    init(_ run: ProvisionRun, _ checked: CheckedManifest) {
        id = run.id
        manifestDigest = checked.result.digest
        deviceCount = checked.result.acceptedDeviceCount
        again = run.options.manifest.again
        let (directory, pairs) = (run.directory, checked.pairs)
        baseKeys = directory.baseKeys(of: pairs).sorted().map { directory.entries[$0] }
        protectionKeys = directory.protectionKeys(of: pairs).sorted().map { directory.entries[$0] }
        transport = run.options.transport.name
        (signer, receivers) = (directory.signer?.name, directory.receivers)
    }
}

extension RunMoment {
    /// Adds to an event of the audit log what it keeps of this moment.
    public func describe(in event: inout AuditEvent) {
        switch self {
        case .beginning(let beginning):
            for entry in beginning.baseKeys { event.add(entry, as: "bdk") }
            for entry in beginning.protectionKeys { event.add(entry, as: "kbpk") }
            beginning.receivers?.describe(in: &event, transport: beginning.transport.rawValue)
            if let signer = beginning.signer { event.add(fact: "kdh", signer.description) }
            event.add(fact: "manifest_sha256", beginning.manifestDigest?.description ?? "")
            event.add(fact: "devices", "\(beginning.deviceCount)")
            if let again = beginning.again { event.add(fact: "again", again) }
        case .ending(let record, let sums):
            event.keys = record.bdk.map { .init($0, as: "bdk") } + record.kbpk.map { .init($0, as: "kbpk") }
            let facts = [
                ("manifest_sha256", record.manifest.sha256), ("output_sha256", sums),
                ("environment", record.environment), ("transport", record.transport),
                ("devices", "\(record.counts.devices)"), ("issued", "\(record.counts.issued)"),
                ("rejected", "\(record.counts.rejected)"),
            ]
            for (name, value) in facts { event.add(fact: name, value) }
            if let again = record.again { event.add(fact: "again", again) }
            record.receivers?.describe(in: &event)
            if let kdh = record.kdh {
                event.add(fact: "kdh", kdh.name)
                event.add(fact: "kdh_certificate_sha256", kdh.certificateSha256)
            }
        }
    }
}

extension RunRecord.Receivers {
    /// Whom the devices' certificates had to descend from, and above all that nobody looked at a revocation list.
    fileprivate func describe(in event: inout AuditEvent, transport: String? = nil) {
        if let transport { event.add(fact: "transport", transport) }
        event.add(fact: "anchor", anchor ?? anchorSha256.joined(separator: " "))
        event.add(fact: "revocation_lists", revocationChecked ? "checked" : "not checked")
    }
}

extension AuditEvent.Key {
    fileprivate init(_ key: RunRecord.Key, as role: String) {
        self.init(name: key.name, kcv: key.kcv, role: role)
    }
}
