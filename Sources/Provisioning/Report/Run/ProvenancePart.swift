/// What a person signs on paper: which files, which keys, who, and where the audit log stood.
struct ProvenancePart {
    let provenance: [PageEvidence]
    let provenanceNote: String
    let signers: [String]
}

extension ProvenancePart {
    init(_ record: RunRecord, digests: [(name: String, digest: String)], auditHead: String?) {
        var lines = [
            PageEvidence(name: "Run", value: record.runId),
            PageEvidence(name: record.manifest.name, note: "manifest, SHA-256", value: record.manifest.sha256),
        ]
        lines += digests.map { PageEvidence(name: $0.name, note: "SHA-256", value: $0.digest) }
        lines += record.bdk.map { PageEvidence(name: $0.name, note: "BDK, check value", value: $0.kcv) }
        lines += record.kbpk.map { PageEvidence(name: $0.name, note: "wrapping key, check value", value: $0.kcv) }
        if let kdh = record.kdh {
            lines.append(
                PageEvidence(name: kdh.name, note: "signer's certificate, SHA-256", value: kdh.certificateSha256))
        }
        if let auditHead {
            lines.append(PageEvidence(name: "Audit head", note: "when the keys were taken out", value: auditHead))
        }
        lines.append(
            PageEvidence(
                name: "Audit head", note: "at the end: its first 16 digits, by hand", value: "", isBlank: true))
        provenance = lines
        provenanceNote = """
            The last audit head cannot be in this file: its line in the audit log has the digest of SHA256SUMS, which \
            has the digest of this file. provision printed it at the end of the run.
            """
        signers = record.operators + Array(repeating: "", count: max(0, 2 - record.operators.count))
    }
}
