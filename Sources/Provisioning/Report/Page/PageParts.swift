/// A rectangle in a drawing that is 1,000 wide.
struct PageRectangle {
    let x: String
    let y: String
    let width: String
    let height: String
    let label: String?

    init(x: Double, width: Double, y: Double = 0, height: Double, label: String? = nil) {
        self.x = PageText.coordinate(x)
        self.width = PageText.coordinate(width)
        self.y = PageText.coordinate(y)
        self.height = PageText.coordinate(height)
        self.label = label
    }
}

/// A number above the bar, with the colour of its part.
struct PageFigure {
    let kind: String
    let value: String
    let name: String
}

/// One part of a bar of parts that make a whole.
struct PageBarPart {
    let kind: String
    let x: String
    let width: String
    let label: String

    /// The parts of a bar, one behind the other; every part that is not zero can be seen.
    static func parts(_ counts: [(kind: String, count: Int)], of whole: Int) -> [PageBarPart] {
        guard whole > 0 else { return [] }
        let least = 3.0
        let present = counts.filter { $0.count > 0 }
        let small = present.filter { 1_000 * Double($0.count) / Double(whole) < least }
        let used = present.reduce(0) { $0 + $1.count }
        let rest = 1_000 * Double(used) / Double(whole) - least * Double(small.count)
        let large = Double(used - small.reduce(0) { $0 + $1.count })
        var x = 0.0
        return present.map { part in
            let isSmall = 1_000 * Double(part.count) / Double(whole) < least
            let width = isSmall || large <= 0 ? least : rest * Double(part.count) / large
            defer { x += width }
            return PageBarPart(
                kind: part.kind, x: PageText.coordinate(x), width: PageText.coordinate(width),
                label: "\(part.kind): \(PageText.grouped(part.count))")
        }
    }
}

/// A line of a list of facts.
struct PageFact {
    struct Value {
        let text: String
        let code: String?
    }

    let name: String
    let values: [Value]
    let isWide: Bool

    init(_ name: String, _ values: [Value], isWide: Bool = false) {
        (self.name, self.values, self.isWide) = (name, values, isWide)
    }

    init(_ name: String, _ text: String, code: String? = nil, isWide: Bool = false) {
        self.init(name, [Value(text: text, code: code)], isWide: isWide)
    }
}

/// Devices by something that they have in common.
struct PageGroupTable {
    struct Row {
        let isNamed: Bool
        let name: String
        let parts: [PageBarPart]
        let numbers: [Number]
    }

    struct Number {
        let value: String
        let isZero: Bool

        init(_ count: Int) { (value, isZero) = (PageText.grouped(count), count == 0) }
    }

    let groupTitle: String
    let groupColumns: [String]
    let groups: [Row]
}

/// A line of the block that is signed.
struct PageEvidence {
    let name: String
    var note: String?
    var value: String
    /// Whether it is to be written by hand.
    var isBlank = false
}

/// A column of the table of devices.
struct PageColumn {
    let title: String
    /// `number`, `code`, `text`, `status` or nothing; what the script sorts and shows it as.
    let kind: String
    /// Its place in the CSV that the rows come from.
    let source: Int
    let isNumber: Bool

    init(_ title: String, _ source: Int, kind: String = "") {
        (self.title, self.source, self.kind) = (title, source, kind)
        isNumber = kind == "number"
    }
}

/// A row of the table that is there without the script, too.
struct PageRow {
    struct Cell {
        let cellText: String
        let cellClass: String?
    }

    let cells: [Cell]
}
