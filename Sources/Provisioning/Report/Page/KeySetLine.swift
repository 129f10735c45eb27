import PaymentCrypto

/// The numbers of one key set as a bar along the set's own line, and in words.
struct KeySetLine {
    struct Row {
        let first: String
        let last: String
        let devices: String
        let unused: String
    }

    /// The most rows of the table of ranges, and as many as are shown without asking.
    private static let (rowLimit, openLimit) = (200, 12)
    private static let height = 30.0

    let keySet: String
    let baseKeyName: String
    let summary: String
    let used: [PageRectangle]
    let gaps: [PageRectangle]
    let refused: [PageRectangle]
    let firstNumber: String
    let lastNumber: String
    let placeX: String
    let placeWidth: String
    let placeText: String
    let hasRanges: Bool
    let rangesAreOpen: Bool
    let rangesTitle: String
    let ranges: [Row]
    let moreRanges: String?

    /// Nothing for a key set of which no number is known.
    init?(_ line: KeySetTally.Line, baseKeyName: String) {
        let issued = line.issued.summary()
        let refusedNumbers = line.refused.summary()
        guard let extent = Extent(issued, refusedNumbers) else { return nil }
        func text(_ number: UInt64) -> String {
            InitialKeySerialNumber(family: line.family, keySet: line.keySet, deviceNumber: number).description
        }
        self.baseKeyName = baseKeyName
        keySet = String(text(0).prefix(line.family == .tdes ? 10 : 8))
        (firstNumber, lastNumber) = (text(extent.first), text(extent.last))
        used = issued.map { extent.rectangles($0, text) } ?? []
        gaps = issued?.ranges.map { extent.gaps(between: $0, text) } ?? []
        refused = refusedNumbers.map { extent.marks($0) } ?? []
        summary = Self.summary(issued, refusedNumbers)
        let whole = Double(UInt64(1) << InitialKeySerialNumber.deviceBits(line.family))
        let width = max(3, 1_000 * (Double(extent.last - extent.first) + 1) / whole)
        placeX = PageText.coordinate(min(1_000 * Double(extent.first) / whole, 1_000 - width))
        placeWidth = PageText.coordinate(width)
        placeText = """
            Device numbers \(PageText.grouped(Int(extent.first))) to \(PageText.grouped(Int(extent.last))) of \
            \(PageText.grouped(Int(whole))).
            """
        let all = issued?.ranges ?? []
        hasRanges = all.count > 1
        rangesAreOpen = all.count <= Self.openLimit
        rangesTitle = PageText.count(all.count, "range")
        ranges = Self.rows(all.prefix(Self.rowLimit), text)
        moreRanges =
            all.count > Self.rowLimit
            ? "\(PageText.grouped(all.count - Self.rowLimit)) more; check-values.csv has every number." : nil
    }

    private static func rows(_ ranges: some Sequence<NumberCoverage.Range>, _ text: (UInt64) -> String) -> [Row] {
        var previous: UInt64?
        return ranges.map { range in
            defer { previous = range.last }
            return Row(
                first: text(range.first), last: text(range.last), devices: PageText.grouped(range.count),
                unused: previous.map { PageText.grouped(Int(truncatingIfNeeded: range.first - $0 - 1)) } ?? "")
        }
    }

    private static func summary(_ issued: NumberCoverage.Summary?, _ refused: NumberCoverage.Summary?) -> String {
        var parts: [String] = []
        if let issued {
            let unused = Int(truncatingIfNeeded: issued.last - issued.first + 1) - issued.count
            let numbers = PageText.count(issued.count, "number") + " issued"
            if unused == 0 {
                parts.append(numbers + (issued.count > 1 ? ", without a gap" : ""))
            } else if let ranges = issued.ranges {
                parts.append(
                    "\(numbers) in \(PageText.count(ranges.count, "range")), with \(PageText.count(ranges.count - 1, "gap")) of together \(PageText.count(unused, "number"))"
                )
            } else {
                parts.append("\(numbers), scattered; \(PageText.grouped(unused)) between them are not used")
            }
        } else {
            parts.append("No number issued")
        }
        if let refused { parts.append("\(PageText.count(refused.count, "number")) of rejected rows") }
        return parts.joined(separator: "; ") + "."
    }

    /// From the first number to the last one: what the bar shows.
    private struct Extent {
        let first: UInt64
        let last: UInt64

        init?(_ summaries: NumberCoverage.Summary?...) {
            let known = summaries.compactMap(\.self)
            guard let first = known.map(\.first).min(), let last = known.map(\.last).max() else { return nil }
            (self.first, self.last) = (first, last)
        }

        private var length: Double { Double(last - first) + 1 }

        private func x(_ number: UInt64) -> Double {
            number <= first ? 0 : min(1_000, 1_000 * Double(number - first) / length)
        }

        private func rectangle(
            _ start: UInt64, _ end: UInt64, least: Double, share: Double = 1, label: String? = nil
        ) -> PageRectangle {
            let (left, right) = (x(start), x(end &+ 1))
            let width = max(least, right - left)
            // What is widened so that it can be seen stays where it is, and inside.
            let middle = min(max((left + right) / 2, width / 2), 1_000 - width / 2)
            return PageRectangle(
                x: middle - width / 2, width: width, y: height * (1 - share), height: height * share, label: label)
        }

        /// Ranges as they are, or stretches as high as their share of used numbers.
        func rectangles(_ numbers: NumberCoverage.Summary, _ text: (UInt64) -> String) -> [PageRectangle] {
            if let ranges = numbers.ranges {
                return ranges.map { range in
                    let label = "\(text(range.first)) to \(text(range.last)): \(PageText.count(range.count, "number"))"
                    return rectangle(range.first, range.last, least: 1, label: label)
                }
            }
            return steps(numbers).map { step in
                rectangle(step.start, step.end, least: 0.5, share: max(0.06, step.share))
            }
        }

        /// Neighbouring stretches of the same share as one.
        private func steps(_ numbers: NumberCoverage.Summary) -> [(start: UInt64, end: UInt64, share: Double)] {
            var steps: [(start: UInt64, end: UInt64, share: Double)] = []
            for (index, count) in numbers.stretches.enumerated() where count > 0 {
                let start = numbers.start + UInt64(index) * numbers.stretchLength
                let (low, high) = (max(start, numbers.first), min(start + numbers.stretchLength - 1, numbers.last))
                let share = Double(count) / (Double(high - low) + 1)
                if let last = steps.last, last.end + 1 == low, last.share == share {
                    steps[steps.count - 1].end = high
                } else {
                    steps.append((low, high, share))
                }
            }
            return steps
        }

        /// A gap is drawn over its neighbours, so that one of a single number can be seen.
        func gaps(between ranges: [NumberCoverage.Range], _ text: (UInt64) -> String) -> [PageRectangle] {
            zip(ranges, ranges.dropFirst()).prefix(KeySetLine.rowLimit).map { before, after in
                let unused = Int(truncatingIfNeeded: after.first - before.last - 1)
                let label = "not used: \(text(before.last + 1)) to \(text(after.first - 1)), "
                return rectangle(
                    before.last + 1, after.first - 1, least: 2, label: label + PageText.count(unused, "number"))
            }
        }

        /// Where a number was asked for and refused.
        func marks(_ numbers: NumberCoverage.Summary) -> [PageRectangle] {
            let ranges = numbers.ranges?.map { ($0.first, $0.last) } ?? steps(numbers).map { ($0.start, $0.end) }
            return ranges.prefix(KeySetLine.rowLimit).map { rectangle($0.0, $0.1, least: 3) }
        }
    }
}
