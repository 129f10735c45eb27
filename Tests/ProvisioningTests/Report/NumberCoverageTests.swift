import Testing

@testable import Provisioning

/// What a page knows of the numbers of a key set, held against a plain set.
@Suite("Numbers that are used")
struct NumberCoverageTests {
    @Test("in any order it comes to what a set comes to", arguments: 0..<40)
    func againstASet(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let span = UInt64(1) << UInt64.random(in: 2...32, using: &random)
        let start = UInt64.random(in: 0...(1 << 32), using: &random)
        var numbers: Set<UInt64> = []
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            let first = start + UInt64.random(in: 0..<span, using: &random)
            numbers.formUnion(first...first + UInt64.random(in: 0...90, using: &random))
        }
        var coverage = NumberCoverage()
        for number in numbers.shuffled(using: &random) { coverage.add(number) }
        let summary = try #require(coverage.summary())
        #expect(summary.count == numbers.count)
        #expect(summary.first == numbers.min() && summary.last == numbers.max())
        #expect(summary.stretches == Self.stretches(summary, numbers))
        if let ranges = summary.ranges { #expect(ranges == Self.ranges(numbers)) }
    }

    @Test("few ranges are known exactly; too many are not, and what is used of each stretch is")
    func tooMany() throws {
        var (few, many) = (NumberCoverage(), NumberCoverage())
        for index in 0..<UInt64(NumberCoverage.rangeLimit) { few.add(3 * index) }
        for index in 0...UInt64(NumberCoverage.rangeLimit) { many.add(3 * index) }
        #expect(try #require(few.summary()).ranges?.count == NumberCoverage.rangeLimit)
        let summary = try #require(many.summary())
        #expect(summary.ranges == nil)
        #expect(summary.stretches.reduce(0, +) == UInt32(NumberCoverage.rangeLimit + 1))
    }

    @Test("a fleet out of order is one range again")
    func shuffled() throws {
        var random = SplitMix(state: 7)
        var coverage = NumberCoverage()
        for number in (UInt64(5)..<900).shuffled(using: &random) { coverage.add(number) }
        #expect(try #require(coverage.summary()).ranges == [.init(first: 5, last: 899)])
    }

    @Test("no number, no summary")
    func none() {
        #expect(NumberCoverage().summary() == nil)
    }

    private static func ranges(_ numbers: Set<UInt64>) -> [NumberCoverage.Range] {
        numbers.sorted().reduce(into: []) { ranges, number in
            if let last = ranges.last, last.last + 1 == number {
                ranges[ranges.count - 1].last = number
            } else {
                ranges.append(.init(first: number, last: number))
            }
        }
    }

    private static func stretches(_ summary: NumberCoverage.Summary, _ numbers: Set<UInt64>) -> [UInt32] {
        numbers.reduce(into: Array(repeating: 0, count: NumberCoverage.stretchCount)) { stretches, number in
            stretches[Int((number - summary.start) / summary.stretchLength)] += 1
        }
    }
}
