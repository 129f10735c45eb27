import Facility

/// Where a run writes, with its journal: made anew, or taken up where an interrupted run was.
struct RunWorkplace {
    let folder: OutputFolder
    let journal: ProgressJournal
    /// Where the interrupted run was.
    let commit: JournalCommit?

    /// Begins the journal of a new run; once this returns `DIR.incomplete` is on disk with it.
    init(new folder: OutputFolder, _ opening: JournalOpening, key: RunJournalKey) throws {
        self.folder = folder
        journal = try ProgressJournal(opening, in: folder, key: key)
        commit = nil
        folder.keep()
    }

    /// Takes a run up; what it wrote after its last commit goes.
    init(takingUp folder: OutputFolder, _ journal: ProgressJournal, _ commit: JournalCommit?) throws {
        (self.folder, self.journal, self.commit) = (folder, journal, commit)
        let kept = commit.map { Set($0.files.keys).union(["devices"]) } ?? []
        try folder.removeAllFiles(but: kept.union([ProgressJournal.fileName]))
    }

    /// Leaves what somebody can take up, and otherwise nothing.
    ///
    /// - Parameter release: gives the run's serial numbers back; false where the ledger cannot be written.
    /// - Returns: the error that tells what is left.
    func leave(after error: any Error, release: () -> Bool) -> any Error {
        let stopped = StoppedRun(cause: error, path: folder.incompletePath)
        if journal.hasCommit, !Self.spoils(error) { return stopped }
        do {
            // In this order: whatever is cut short here, the numbers are free only where no key under them is left.
            try journal.restart()
            try folder.removeAllFiles(but: [ProgressJournal.fileName])
        } catch { return stopped }
        guard release() else { return stopped }
        folder.abandon()
        folder.discard()
        return error
    }

    /// Whether what was written may belong to other rows than those that were checked.
    private static func spoils(_ error: any Error) -> Bool {
        switch error {
        case ProvisioningError.manifestChanged, ManifestReadError.changed, ManifestReadError.certificatesChanged: true
        default: false
        }
    }
}
