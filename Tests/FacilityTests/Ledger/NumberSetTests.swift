import PaymentCrypto
import Testing

@testable import Facility

/// Sets of numbers against `Set`, with numbers that touch, crowd together and lie far apart.
@Suite struct NumberSetTests {
    @Test(arguments: 0..<40)
    func sameAsAPlainSet(seed: UInt64) {
        var chance = Chance(seed: seed)
        let (left, right) = (chance.numbers(), chance.numbers())
        let (ours, theirs) = (NumberSet(left), NumberSet(right))
        #expect(ours.numbers == left.sorted())
        #expect(ours.count == left.count)
        #expect(ours.intersection(theirs).numbers == left.intersection(right).sorted())
        #expect(ours.subtracting(theirs).numbers == left.subtracting(right).sorted())
        #expect(left.allSatisfy(ours.contains))
        #expect(right.allSatisfy { ours.contains($0) == left.contains($0) })
        // What is equal as a set is equal byte by byte, however it came about.
        #expect(ours.subtracting(theirs) == NumberSet(left.subtracting(right)))
    }

    @Test(arguments: 0..<50)
    func runsAreAsLongAsTheyCanBe(seed: UInt64) {
        var chance = Chance(seed: seed)
        var end: UInt64?
        for run in NumberSet(chance.numbers()).runs {
            #expect(run.first <= run.last)
            if let end { #expect(end < .max && run.first > end + 1) }
            end = run.last
        }
    }

    @Test func aMillionNeighboursAreOneBlock() {
        let set = NumberSet(runs: (0..<1000).map { NumberRun(first: $0 * 1000, last: $0 * 1000 + 999) })
        #expect(set.blocks == [NumberBlock(run: NumberRun(first: 0, last: 999_999))])
    }

    @Test func everyOtherNumberTakesAByte() {
        let set = NumberSet(runs: (0..<1_000_000).map { NumberRun(first: 2 * $0, last: 2 * $0) })
        #expect(set.count == 1_000_000)
        #expect(set.blocks.reduce(0) { $0 + $1.code.count } < 1_001_000)
        #expect(set.blocks.allSatisfy { $0.code.count <= NumberBlock.codeByteLimit })
    }

    @Test func theEndsOfTheNumberLine() {
        let set = NumberSet([0, 1, .max - 1, .max])
        #expect(set.numbers == [0, 1, .max - 1, .max])
        #expect(set.subtracting(NumberSet([.max])).numbers == [0, 1, .max - 1])
        #expect(set.subtracting(NumberSet([0])).numbers == [1, .max - 1, .max])
        #expect(set.intersection(NumberSet([.max])).numbers == [.max])
    }

    /// Whatever bytes a damaged file has, they are refused or they are exactly what the builder writes.
    @Test(arguments: 0..<10)
    func damagedCodeIsRefusedOrCounts(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let set = NumberSet(chance.numbers().union([5, 7, 1 << 40]))
        let block = try #require(set.blocks.first { !$0.code.isEmpty })
        for place in stride(from: 0, to: block.code.count, by: max(1, block.code.count / 40)) {
            var code = block.code
            code[place] ^= UInt8.random(in: 1...255, using: &chance)
            check(NumberBlock(first: block.first, last: block.last, count: block.count, code: code))
            check(NumberBlock(first: block.first, last: block.last, count: block.count, code: Array(code[..<place])))
        }
        #expect(NumberBlock(first: block.first, last: block.last, count: block.count, code: block.code) == block)
        #expect(NumberBlock(first: block.first, last: block.last, count: block.count + 1, code: block.code) == nil)
    }

    private func check(_ block: NumberBlock?) {
        guard let block else { return }
        var numbers = 0
        for run in block { numbers += run.count }
        #expect(numbers == block.count)
    }

    @Test func spreadIsTheDistanceAsAPowerOfTwo() {
        for (last, spread): (UInt64, Int) in [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (.max, 64)] {
            #expect(NumberBlock(first: 0, last: last, count: 2, builtCode: []).spread == spread)
        }
    }
}

/// Serial numbers of both families, and columns of them.
@Suite struct SerialNumberSetTests {
    @Test(arguments: [DUKPTFamily.tdes, .aes], 0..<40)
    func aShuffledColumnGivesTheSameSet(family: DUKPTFamily, seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let numbers = chance.numbers().map { InitialKeySerialNumber(family: family, leading: $0 << 5) }
        let set = SerialNumberSet(family: family, numbers)
        let column = SerialNumberColumn(family: family)
        let shuffled = Set(numbers).map(\.leading).shuffled(using: &chance)
        for start in stride(from: 0, to: shuffled.count, by: 100) {
            try shuffled[start..<min(start + 100, shuffled.count)].withUnsafeBufferPointer(column.append)
        }
        #expect(try column.takeSet() == set)
        #expect(column.count == 0)
        var builder = SerialNumberSet.Builder(family: family)
        try shuffled.sorted().withUnsafeBufferPointer { try builder.append(ascending: $0) }
        #expect(builder.finish() == set)
        #expect(numbers.allSatisfy(set.contains))
        #expect(set.ranges.reduce(0) { $0 + $1.count } == Set(numbers).count)
    }

    @Test func neighboursAre32ApartInTDESAnd1ApartInAES() throws {
        let tdes = SerialNumberSet(family: .tdes, try ["FFFF9876543210E00000", "FFFF9876543211000000"].map(ksn))
        #expect(tdes.ranges.map(\.description) == ["FFFF9876543210E00000-FFFF9876543211000000"])
        let leading: [UInt64] = [0x1234_5678_9012_3456, 0x1234_5678_9012_3457]
        let aes = SerialNumberSet(family: .aes, leading.map { InitialKeySerialNumber(family: .aes, leading: $0) })
        #expect(aes.ranges.map(\.description) == ["123456789012345600000000-123456789012345700000000"])
        #expect(aes.intersection(tdes).isEmpty)
        #expect(aes.subtracting(tdes) == aes)
        let number = InitialKeySerialNumber(family: .aes, leading: 7)
        #expect(!tdes.contains(number))
        #expect(SerialNumberSet(family: .aes, [number]).ranges.map(\.description) == ["000000000000000700000000"])
    }

    @Test func aNumberThatComesTwiceIsRefused() throws {
        let column = SerialNumberColumn(family: .tdes)
        let numbers: [UInt64] = [0x40, 0x20, 0x5F]
        try numbers.withUnsafeBufferPointer(column.append)
        let doubled = InitialKeySerialNumber(family: .tdes, leading: 0x40)
        #expect(throws: SerialNumberColumnError.notAscending(doubled)) { try column.takeSet() }
        #expect(column.count == 0)
        var builder = SerialNumberSet.Builder(family: .aes)
        #expect(throws: SerialNumberColumnError.self) {
            try [2, 1].withUnsafeBufferPointer { try builder.append(ascending: $0) }
        }
    }

    private func ksn(_ text: String) throws -> InitialKeySerialNumber {
        try KeySerialNumber(text, family: .tdes).initial
    }
}

extension NumberSet {
    init(_ numbers: Set<UInt64>) {
        self.init(runs: numbers.sorted().map { NumberRun(first: $0, last: $0) })
    }

    var numbers: [UInt64] { runs.flatMap { Array($0.first...$0.last) } }
}
