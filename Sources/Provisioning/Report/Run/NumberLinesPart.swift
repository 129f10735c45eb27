import PaymentCrypto

/// The key serial numbers of a run along the lines of their key sets.
struct NumberLinesPart {
    /// The most key sets that are drawn.
    private static let limit = 12

    let numbersLead: String
    let lines: [KeySetLine]
    let moreLines: String?
    let hasRefusedNumbers: Bool

    /// Nothing where no number is known.
    init?(_ tally: KeySetTally, baseKeyNames: [String]) {
        let ordered = tally.lines.sorted {
            ($0.family == .tdes ? 0 : 1, $0.keySet, $0.baseKey) < ($1.family == .tdes ? 0 : 1, $1.keySet, $1.baseKey)
        }
        // Where there are too many to draw, those with the most devices are.
        let largest = ordered.sorted { $0.issued.count > $1.issued.count }.prefix(Self.limit)
        let drawn = ordered.count <= Self.limit ? ordered : Array(largest)
        lines = drawn.compactMap { line in
            let index = Int(line.baseKey)
            return KeySetLine(line, baseKeyName: baseKeyNames.indices.contains(index) ? baseKeyNames[index] : "")
        }
        guard !lines.isEmpty else { return nil }
        hasRefusedNumbers = lines.contains { !$0.refused.isEmpty }
        let sets =
            tally.otherCount > 0 ? "more than \(ordered.count) key sets" : PageText.count(ordered.count, "key set")
        numbersLead = """
            Each bar is a key set's number line between the first and the last number of this run: numbers in \
            \(sets) under \(PageText.count(Set(ordered.map(\.baseKey)).count, "base derivation key")). The thin line below \
            it is the whole key set, with these numbers where they are.
            """
        let rest = ordered.dropFirst(Self.limit)
        let devices = ordered.reduce(0) { $0 + $1.issued.count } - drawn.reduce(0) { $0 + $1.issued.count }
        moreLines =
            rest.isEmpty
            ? nil
            : "\(PageText.count(devices + tally.otherCount, "device")) of further key sets are not drawn; check-values.csv has all."
    }
}
