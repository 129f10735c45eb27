import PaymentCrypto

extension UnlockedSite {
    /// Goes through the audit log from its beginning, until `isFound` answers true; every line must be genuine.
    ///
    /// - Returns: whether it did.
    @discardableResult
    func searchAuditLog(
        _ isFound: (AuditRecord) throws(FacilityError) -> Bool
    ) throws(FacilityError) -> Bool {
        guard var lines = try openLines() else { return false }
        let damage = FacilityError.damaged(
            file: "\(site.path)/\(AuditLog.fileName)", reason: "a line of it was not written under this site's master key")
        let key = try auditKey()
        return try FacilityError.converting {
            while let line = try lines.next() {
                guard try AuditLine.isGenuine(line.bytes, under: key) == true, let record = AuditRecord(line.bytes)
                else {
                    // What a crash left of a line; a whole one that has only lost its end counts.
                    guard line.isEnded else { continue }
                    throw damage
                }
                if try isFound(record) { return true }
            }
            return false
        }
    }

    /// The lines of the log as it is now; nil where there is no log.
    func openLines() throws(FacilityError) -> AuditLines? {
        guard let log = try openLog(for: .reading) else { return nil }
        do throws(FileFailure) { return try AuditLines(log) } catch { throw .file(error) }
    }
}
