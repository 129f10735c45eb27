/// What two ascending sequences of runs have in common.
struct CommonRuns: Sequence, IteratorProtocol {
    private var left: NumberSet.Runs
    private var right: NumberSet.Runs
    private var ours: NumberRun?
    private var theirs: NumberRun?

    init(_ left: NumberSet.Runs, _ right: NumberSet.Runs) {
        (self.left, self.right) = (left, right)
        ours = self.left.next()
        theirs = self.right.next()
    }

    mutating func next() -> NumberRun? {
        while let ours, let theirs {
            if ours.last <= theirs.last { self.ours = left.next() } else { self.theirs = right.next() }
            if let common = ours.intersection(theirs) { return common }
        }
        return nil
    }
}

/// What is left of an ascending sequence of runs without another one.
struct RemainingRuns: Sequence, IteratorProtocol {
    private var left: NumberSet.Runs
    private var right: NumberSet.Runs
    private var ours: NumberRun?
    private var theirs: NumberRun?

    init(_ left: NumberSet.Runs, without right: NumberSet.Runs) {
        (self.left, self.right) = (left, right)
        ours = self.left.next()
        theirs = self.right.next()
    }

    mutating func next() -> NumberRun? {
        while let run = ours {
            while let gone = theirs, gone.last < run.first { theirs = right.next() }
            guard let gone = theirs, gone.first <= run.last else {
                ours = left.next()
                return run
            }
            // What follows the gap is looked at again; the last number of all has none that follows.
            ours = gone.last < run.last ? NumberRun(first: gone.last + 1, last: run.last) : left.next()
            if run.first < gone.first { return NumberRun(first: run.first, last: gone.first - 1) }
        }
        return nil
    }
}
