/// When the next commit is due: often, but never so often that waiting for the disk takes much of the run.
struct CommitPace {
    /// A commit may take one part in so many of the time.
    private static let share = 20.0
    /// Commits that need no further reason, so that a small run has some; after them at most ten in a second.
    private static let freeCount = 64
    private static let leastSeconds = 0.1

    private var count = 0
    private var due = 0.0

    /// Whether it is time.
    var isDue: Bool { StageClock.now() >= due }

    /// Runs `body`, which commits.
    mutating func measure(_ body: () throws -> Void) rethrows {
        let start = StageClock.now()
        try body()
        let end = StageClock.now()
        count += 1
        due = end + max((end - start) * Self.share, count > Self.freeCount ? Self.leastSeconds : 0)
    }
}
