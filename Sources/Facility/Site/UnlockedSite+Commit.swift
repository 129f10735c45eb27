import PaymentCrypto

/// Changes of the site's files.
///
/// The new content is on disk, beside the old one, before the audit log has its line, and takes the file's name afterwards. So
/// the line is what makes the change: without it there is none, and what a killed process left between the line and the
/// name is put in place by whoever opens the site next.
extension UnlockedSite {
    /// Reads, changes and writes the keyring while no other process can.
    func change(
        recording event: inout AuditEvent, _ body: (inout Keyring, inout AuditEvent) throws(FacilityError) -> Void
    ) throws(FacilityError) {
        try FacilityError.converting {
            try changeKeyring(recording: &event) { keyring, event in try body(&keyring, &event) }
        }
    }

    /// The same, for a change in which a token can fail, too.
    func changeKeyring(
        recording event: inout AuditEvent, _ body: (inout Keyring, inout AuditEvent) throws -> Void
    ) throws {
        try changeLocked(recording: &event, body)
        try markAsLogged()
    }

    private func changeLocked(
        recording event: inout AuditEvent, _ body: (inout Keyring, inout AuditEvent) throws -> Void
    ) throws {
        let folder = try lockFolder()
        let current = try Site(folder)
        try current.prove(masterKey)
        // What is fit for a test site need not be fit for what became of it.
        guard current.environment == site.environment else { throw FacilityError.policy(.environmentChanged) }
        var keyring = try KeyringFile(in: folder).proved(by: masterKey)
        for token in try keyring.removeKeysOfOverExchanges(at: .now) {
            event.add(fact: "exchange_over", "\(token): its private key is removed")
        }
        try body(&keyring, &event)
        let bytes = try AuthenticatedDocument.encode(keyring.document, under: masterKey, for: .keyring)
        try commit(bytes, as: Keyring.fileName, in: folder, recording: &event)
    }

    /// Reads, changes and writes the settings while no other process can.
    ///
    /// - Parameter body: gets the sealed master key as it is now, and may not use what was read before the lock.
    func rewrite(
        recording event: inout AuditEvent,
        _ body: (SealedMasterKey, inout SiteDocument, inout AuditEvent) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Site {
        let folder = try lockFolder()
        var (document, sealed) = try settings(folder)
        try body(sealed, &document, &event)
        document.hasAuditLog = true
        let bytes = try AuthenticatedDocument.encode(document, under: masterKey, for: .siteSettings)
        try commit(bytes, as: SiteDocument.fileName, in: folder, recording: &event)
        return try Site(folder)
    }

    /// The same without a line in the audit log: for the tool's own matters, which change no rule and no key.
    func rewrite(
        _ body: (SealedMasterKey, inout SiteDocument) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Site {
        let folder = try lockFolder()
        var (document, sealed) = try settings(folder)
        try body(sealed, &document)
        let bytes = try AuthenticatedDocument.encode(document, under: masterKey, for: .siteSettings)
        try FacilityError.converting { try folder.replace(SiteDocument.fileName, with: bytes) }
        return try Site(folder)
    }

    private func settings(_ folder: borrowing SiteFolder) throws(FacilityError) -> (SiteDocument, SealedMasterKey) {
        let current = try Site(folder)
        try current.prove(masterKey)
        return (current.document, current.sealedMasterKey)
    }

    /// The folder, for nobody else to change as long as it lives, and nothing in it half done.
    private func lockFolder() throws(FacilityError) -> SiteFolder {
        let folder = try Site.open(site.path)
        try FacilityError.converting { try folder.lock() }
        _ = try finishChanges(in: folder)
        return folder
    }

    private func commit(
        _ bytes: [UInt8], as name: String, in folder: borrowing SiteFolder, recording event: inout AuditEvent
    ) throws(FacilityError) {
        try FacilityError.converting { try folder.prepare(name, bytes) }
        var committed = event
        committed.writes = AuditEvent.Replacement(name, bytes)
        do throws(FacilityError) { committed.head = try append(committed, to: try openLog()).head } catch {
            folder.discard(name)
            throw error
        }
        event = committed
        do throws(FileFailure) { try folder.place(name) } catch {
            // Where that fails, too, the line stays true: the change is made when the site is opened next.
            try? takeBack(error, name, in: folder, &event)
            throw .file(error)
        }
    }

    /// Records that what the line before told of has not happened.
    private func takeBack(
        _ failure: FileFailure, _ name: String, in folder: borrowing SiteFolder, _ event: inout AuditEvent
    ) throws(FacilityError) {
        guard let content = try folder.read(name) else { return }
        var correction = event
        correction.result = .failed
        correction.reason = "the line before tells of a change that could not be made: \(failure)"
        correction.writes = AuditEvent.Replacement(name, content)
        correction.head = try append(correction, to: try openLog()).head
        event = correction
        folder.discard(name)
    }
}

extension UnlockedSite {
    /// Puts in place what a killed process has recorded and not done any more; throws away what it has not recorded.
    ///
    /// - Returns: the events that are done now.
    func finishChanges() throws(FacilityError) -> [AuditRecord] {
        let folder = try Site.open(site.path)
        // The lock would wait for somebody who may be asked for something meanwhile.
        guard Self.files.contains(where: { folder.isPrepared($0) }) else { return [] }
        try FacilityError.converting { try folder.lock() }
        return try finishChanges(in: folder)
    }

    private static let files = [Keyring.fileName, SiteDocument.fileName]

    private func finishChanges(in folder: borrowing SiteFolder) throws(FacilityError) -> [AuditRecord] {
        var finished: [AuditRecord] = []
        for name in Self.files where folder.isPrepared(name) {
            if let record = try recordOfPrepared(name, in: folder) {
                try FacilityError.converting { try folder.place(name) }
                finished.append(record)
            } else {
                folder.discard(name)
            }
        }
        return finished
    }

    /// The event that tells of what was prepared, unless the file was replaced by a later one.
    private func recordOfPrepared(
        _ name: String, in folder: borrowing SiteFolder
    ) throws(FacilityError) -> AuditRecord? {
        let bytes: [UInt8]?
        do throws(FacilityError) { bytes = try folder.read(SiteFolder.prepared(name)) } catch .exposed {
            // Whoever made it, it was not this tool.
            return nil
        }
        guard let bytes, let last = try lastReplacement(of: name) else { return nil }
        return last.event.writes == AuditEvent.Replacement(name, bytes) ? last : nil
    }

    /// The last event of the audit log that replaced a file.
    func lastReplacement(of name: String) throws(FacilityError) -> AuditRecord? {
        var last: AuditRecord?
        try searchAuditLog { record in
            if record.event.writes?.file == name { last = record }
            return false
        }
        return last
    }
}
