/// Ascending numbers as the ledger keeps them: a row that is one run of consecutive numbers, or a few thousand bytes.
///
/// The code tells of runs, too: the length of the first one, then for each further one the gap before it, and its length
/// where it is more than one number. So shuffled neighbours cost next to nothing and scattered numbers one gap each.
struct NumberBlock: Equatable, Sendable {
    /// The least number.
    let first: UInt64
    /// The greatest number.
    let last: UInt64
    /// How many there are.
    let count: Int
    /// Empty where all numbers from the first to the last are there.
    let code: [UInt8]

    /// Half a page of the ledger, less what the row's other columns take: see `LedgerSchema.pageByteCount`.
    static let codeByteLimit = 3_960

    /// What a gap may be within a block, so that it can be written with one bit beside it.
    static let maximumGap: UInt64 = 1 << 62

    init(run: NumberRun) {
        (first, last, count, code) = (run.first, run.last, run.count, [])
    }

    /// For the builder, which writes nothing that cannot be read.
    init(first: UInt64, last: UInt64, count: Int, builtCode: [UInt8]) {
        (self.first, self.last, self.count, code) = (first, last, count, builtCode)
    }

    /// A block as it was read from a file; nil for anything that the builder would not have written.
    init?(first: UInt64, last: UInt64, count: Int, code: [UInt8]) {
        (self.first, self.last, self.count, self.code) = (first, last, count, code)
        guard first <= last, count > 0 else { return nil }
        var runs = makeIterator()
        var total = 0
        var end: UInt64?
        while let run = runs.next() {
            let (sum, overflow) = total.addingReportingOverflow(run.count)
            guard !overflow, run.count > 0 else { return nil }
            total = sum
            end = run.last
        }
        guard !runs.isMalformed, total == count, end == last else { return nil }
    }

    /// The distance from the first to the last number as a power of two: it is less than 2^spread.
    var spread: Int { Self.spread(from: first, to: last) }

    /// The same of a block that is not read; the last number is not less than the first.
    static func spread(from first: UInt64, to last: UInt64) -> Int {
        UInt64.bitWidth - (last &- first).leadingZeroBitCount
    }
}

extension NumberBlock: Sequence {
    /// The runs of the block, ascending, with at least one number missing between two of them.
    func makeIterator() -> Runs { Runs(self) }

    /// Reads a block's code run by run.
    struct Runs: IteratorProtocol {
        private let block: NumberBlock
        private var offset = 0
        private var previous: UInt64?
        /// Whether the code is none that the builder writes; then there is no further run.
        private(set) var isMalformed = false

        init(_ block: NumberBlock) {
            self.block = block
        }

        mutating func next() -> NumberRun? {
            guard !isMalformed else { return nil }
            guard !block.code.isEmpty else { return whole() }
            guard previous != nil else { return run(from: block.first, length: number()) }
            guard offset < block.code.count else { return nil }
            guard let token = number(), let start = advance(previous, by: token >> 1, and: 2) else { return fail() }
            guard token & 1 == 1 else { return run(from: start, length: 0) }
            guard let length = number(), length < .max else { return fail() }
            return run(from: start, length: length + 1)
        }

        private mutating func whole() -> NumberRun? {
            guard previous == nil else { return nil }
            previous = block.last
            return NumberRun(first: block.first, last: block.last)
        }

        /// - Parameter length: one less than the number of numbers.
        private mutating func run(from first: UInt64, length: UInt64?) -> NumberRun? {
            guard let length, let last = advance(first, by: length, and: 0), last <= block.last else { return fail() }
            previous = last
            return NumberRun(first: first, last: last)
        }

        private func advance(_ number: UInt64?, by distance: UInt64, and more: UInt64) -> UInt64? {
            guard let number else { return nil }
            let (sum, overflow) = number.addingReportingOverflow(distance)
            let (end, overflowsToo) = sum.addingReportingOverflow(more)
            return overflow || overflowsToo ? nil : end
        }

        private mutating func fail() -> NumberRun? {
            isMalformed = true
            return nil
        }

        private mutating func number() -> UInt64? { VariableLength.read(block.code, &offset) }
    }
}
