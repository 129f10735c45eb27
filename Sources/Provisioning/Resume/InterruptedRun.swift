public import Facility
import PaymentCrypto

/// What an interrupted run has left in its `DIR.incomplete`.
///
/// One owner at a time; as long as it lives nobody else takes the run up.
public final class InterruptedRun {
    let folder: OutputFolder
    /// How far a run came.
    enum Progress {
        /// It has nothing that counts: the run begins anew, under a new name.
        case nothing
        /// Its serial numbers may be taken, and so much is done; nil where no chunk is.
        case begun(ProgressJournal, JournalCommit?)
        /// The ledger has all of it; only the folder's name is missing, and perhaps the journal is gone already.
        case issued(FinishedFolder, ProgressJournal?)
    }

    let progress: Progress

    /// Opens `DIR.incomplete`, and cuts a torn end off its journal.
    ///
    /// - Throws: `OutputError`, and `ResumeError` for a folder that is missing, in use, or not what a run of this site leaves.
    public init(_ requested: String, site: Site, key: RunJournalKey) throws {
        folder = try OutputFolder(resuming: requested)
        progress = try Self.progress(of: folder, site, key)
        if case .nothing = progress { folder.abandon() }
    }

    /// A file for a manifest that can be read once only, as a new folder has one.
    public func makeSpool() throws -> Int32 {
        try folder.removeFile("manifest")
        return try folder.makeSpool()
    }

    /// What the run was asked for; nil where nobody knows any more.
    var opening: JournalOpening? {
        switch progress {
        case .nothing: nil
        case .begun(let journal, _): journal.opening
        case .issued(_, let journal): journal?.opening
        }
    }

    /// What the run is called; nil for one that begins anew.
    var run: RunIdentifier? {
        switch progress {
        case .nothing: nil
        case .begun(let journal, _): RunIdentifier(journal.opening.run)
        case .issued(let finished, _): finished.run
        }
    }

    private static func progress(
        of folder: OutputFolder, _ site: Site, _ key: RunJournalKey
    ) throws -> Progress {
        guard let (journal, commit) = try ProgressJournal.open(in: folder, key: key) else {
            let names = try folder.contents()
            if names.contains(SumsFile.name) { return .issued(try FinishedFolder(folder, site), nil) }
            guard names.allSatisfy({ [ProgressJournal.fileName, "manifest"].contains($0) }) else {
                guard names.contains(ProgressJournal.fileName) else {
                    throw OutputError.incompleteIsNoRun(path: folder.incompletePath)
                }
                throw ResumeError.damaged(path: folder.incompletePath, reason: "the folder has no journal of a run")
            }
            try folder.removeFile(ProgressJournal.fileName)
            return .nothing
        }
        guard let run = RunIdentifier(journal.opening.run) else { throw FacilityError.internalFault("a run's name") }
        switch try Ledger.open(site)?.state(of: run) {
        case nil, .reserved: return .begun(journal, commit)
        case .issued: return .issued(try FinishedFolder(folder, site), journal)
        case .released where commit == nil:
            try folder.removeAllFiles(but: [])
            return .nothing
        case .released: throw ResumeError.voided(run: run.description, state: "given back")
        case .retired: throw ResumeError.voided(run: run.description, state: "retired")
        }
    }
}

extension OutputFolder {
    /// Removes what a run has written, but for some; refuses to go on where there is something else.
    func removeAllFiles(but kept: Set<String>) throws {
        let own: Set = [
            ProgressJournal.fileName, "check-values.csv", "keyblocks.csv", "keyblocks.jsonl", "rejected.csv",
            SumsFile.name, "run.json", "report.html", "manifest",
        ]
        for name in try contents() where !kept.contains(name) {
            if name == "devices" {
                try removeFolder(name)
            } else if own.contains(name) {
                try removeFile(name)
            } else {
                throw ResumeError.damaged(path: path(of: name), reason: "expected nothing but the run's own files")
            }
        }
    }
}
