public import PaymentCrypto

extension UnlockedSite {
    /// What the audit log keeps of the outputs of a run that ended: the SHA-256 of its `SHA256SUMS`.
    ///
    /// Nil where the log has no such run.
    public func outputDigest(ofRun id: String) throws(FacilityError) -> SHA256Digest? {
        var digest: SHA256Digest?
        try searchAuditLog { (record) throws(FacilityError) in
            let event = record.event
            guard event.action == "provision", event.result == .done,
                event.facts.contains(where: { $0.name == "run_id" && $0.value == id })
            else { return false }
            digest = event.facts.first { $0.name == "output_sha256" }.flatMap { SHA256Digest($0.value) }
            return digest != nil
        }
        return digest
    }
}
