/// A set of numbers as ascending blocks: a million consecutive numbers are one, ten million scattered ones some 60 MB.
struct NumberSet: Equatable, Sendable {
    /// Ascending, and no two of them overlap.
    private(set) var blocks: [NumberBlock]

    /// No number.
    init() {
        blocks = []
    }

    fileprivate init(blocks: [NumberBlock]) {
        self.blocks = blocks
    }

    /// The numbers of ascending runs; where runs touch or overlap they become one.
    init(runs: some Sequence<NumberRun>) {
        var builder = Builder()
        for run in runs { builder.add(run) }
        self = builder.finish()
    }

    var isEmpty: Bool { blocks.isEmpty }

    /// How many numbers there are.
    var count: Int { blocks.reduce(0) { $0 &+ $1.count } }

    /// All runs, ascending.
    var runs: Runs { Runs(blocks) }

    func contains(_ number: UInt64) -> Bool { first(in: NumberRun(first: number, last: number)) != nil }

    /// The least number that the set has in common with a run.
    func first(in range: NumberRun) -> UInt64? {
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].last < range.first { low = middle + 1 } else { high = middle }
        }
        guard low < blocks.count, blocks[low].first <= range.last else { return nil }
        if blocks[low].code.isEmpty { return max(blocks[low].first, range.first) }
        for run in blocks[low] where run.last >= range.first {
            return run.first <= range.last ? max(run.first, range.first) : nil
        }
        return nil
    }

    /// The numbers that are in both.
    func intersection(_ other: NumberSet) -> NumberSet { NumberSet(runs: CommonRuns(runs, other.runs)) }

    /// The numbers that are in either.
    func union(_ other: NumberSet) -> NumberSet {
        if isEmpty || other.isEmpty { return isEmpty ? other : self }
        return NumberSet(runs: (Array(runs) + Array(other.runs)).sorted { $0.first < $1.first })
    }

    /// The numbers that are not in the other one.
    func subtracting(_ other: NumberSet) -> NumberSet { NumberSet(runs: RemainingRuns(runs, without: other.runs)) }
}

extension NumberSet {
    /// Runs of several blocks, one after the other.
    struct Runs: Sequence, IteratorProtocol {
        private let blocks: [NumberBlock]
        private var index = 0
        private var current: NumberBlock.Runs?

        init(_ blocks: [NumberBlock]) {
            self.blocks = blocks
        }

        mutating func next() -> NumberRun? {
            while true {
                if let run = current?.next() { return run }
                guard index < blocks.count else { return nil }
                current = blocks[index].makeIterator()
                index += 1
            }
        }
    }

    /// Makes a set from ascending runs, holding one open block beside the finished ones.
    struct Builder {
        private var blocks: [NumberBlock] = []
        private var code: [UInt8] = []
        private var open: NumberRun?
        /// The first number and the last of the open block's closed runs, and how many numbers they are.
        private var first: UInt64 = 0
        private var last: UInt64 = 0
        private var count = 0

        /// Adds a run that begins after the first number of the one before; false where it begins earlier.
        @discardableResult
        mutating func add(_ run: NumberRun) -> Bool {
            guard let before = open else {
                open = run
                return true
            }
            guard run.first >= before.first else { return false }
            if before.last == .max || run.first <= before.last + 1 {
                open = NumberRun(first: before.first, last: max(before.last, run.last))
            } else {
                close(before)
                open = run
            }
            return true
        }

        /// The last number so far.
        var lastNumber: UInt64? { open?.last }

        mutating func finish() -> NumberSet {
            if let open { close(open) }
            open = nil
            closeBlock()
            return NumberSet(blocks: blocks)
        }

        private mutating func close(_ run: NumberRun) {
            let isFull = code.count > NumberBlock.codeByteLimit - 2 * 10
            if count > 0, isFull || run.first - last - 2 >= NumberBlock.maximumGap { closeBlock() }
            let length = run.last - run.first
            if count == 0 {
                first = run.first
                VariableLength.append(length, to: &code)
            } else {
                VariableLength.append((run.first - last - 2) << 1 | (length > 0 ? 1 : 0), to: &code)
                if length > 0 { VariableLength.append(length - 1, to: &code) }
            }
            last = run.last
            count &+= run.count
        }

        private mutating func closeBlock() {
            guard count > 0 else { return }
            let isOneRun = count == NumberRun(first: first, last: last).count
            blocks.append(NumberBlock(first: first, last: last, count: count, builtCode: isOneRun ? [] : code))
            code.removeAll(keepingCapacity: true)
            count = 0
        }
    }
}
