/// Commits what a run has done, so that it can be taken up from there.
///
/// One owner: the stage that delivers chunks.
final class RunProgressKeeper {
    private let journal: ProgressJournal
    private let files: RunFiles
    private var pace = CommitPace()
    /// What is on disk by the journal.
    private(set) var last: JournalCommit?

    /// - Parameter last: where an interrupted run was.
    init(_ journal: ProgressJournal, _ files: RunFiles, last: JournalCommit?) {
        (self.journal, self.files, self.last) = (journal, files, last)
    }

    /// A chunk was written; it is committed, with those before, when it is time.
    func chunkWritten(chunks: Int, _ counts: RunRecord.Counts) throws {
        guard pace.isDue else { return }
        try pace.measure { try commit(chunks: chunks, counts) }
    }

    /// Brings everything that was written to disk and notes it.
    func commit(chunks: Int, _ counts: RunRecord.Counts) throws {
        try files.sync()
        let commit = JournalCommit(
            chunks: chunks, issued: counts.issued, rejected: counts.rejected, files: try files.state())
        guard commit != last else { return }
        try journal.append(commit)
        last = commit
    }
}
