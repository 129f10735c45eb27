/// Counts what became of the devices: in all, by model and slot, along the manifest, and why.
///
/// One owner.
struct ReconciliationTally {
    private(set) var buckets = ReconciliationBuckets()
    private(set) var duplicate = 0
    private(set) var models = GroupTally()
    private(set) var slots = GroupTally()
    private(set) var causes = CauseTally()
    private(set) var stretches: [ReconciliationSummary.Stretch] = []
    private let deviceCount: Int

    /// How finely the manifest is divided; what a page can show side by side.
    private static let stretchCount = 100

    init(deviceCount: Int) {
        self.deviceCount = deviceCount
        stretches.reserveCapacity(Self.stretchCount)
    }

    /// Counts a device, in the order of the manifest.
    mutating func add(_ row: ReportReader.Row, _ finding: DeviceFinding, isRepeated: Bool) {
        let stretch = buckets.total * min(Self.stretchCount, deviceCount) / max(1, deviceCount)
        if stretches.isEmpty || stretch > lastStretch {
            stretches.append(.init(firstLine: row.line, lastLine: row.line, buckets: ReconciliationBuckets()))
            lastStretch = stretch
        }
        stretches[stretches.count - 1].lastLine = row.line
        stretches[stretches.count - 1].buckets.add(finding.result)
        buckets.add(finding.result)
        models.add(row.model, finding.result)
        slots.add(row.slot, finding.result)
        if isRepeated, finding.result != .rejected { duplicate += 1 }
    }

    mutating func add(cause: String) { causes.add(cause) }

    private var lastStretch = -1
}

/// Buckets for each name that occurs; neighbours mostly have the same one.
struct GroupTally {
    private var groups: [ReconciliationSummary.Group] = []
    private var places: [[UInt8]: Int] = [:]
    private var last: (name: [UInt8], place: Int)?
    /// Devices of names beyond those that are told apart.
    private var rest = ReconciliationBuckets()

    /// A manifest in which every device has a model of its own must not take memory for each.
    private static let limit = 1_000
    private static let shownLimit = 50

    mutating func add(_ name: UnsafeBufferPointer<UInt8>, _ result: ReconciliationResult) {
        if let last, last.name.elementsEqual(name) { return groups[last.place].buckets.add(result) }
        let bytes = Array(name)
        guard let place = place(of: bytes) else { return rest.add(result) }
        last = (bytes, place)
        groups[place].buckets.add(result)
    }

    private mutating func place(of name: [UInt8]) -> Int? {
        if let place = places[name] { return place }
        guard groups.count < Self.limit else { return nil }
        places[name] = groups.count
        groups.append(.init(name: String(decoding: name, as: UTF8.self), buckets: ReconciliationBuckets()))
        return groups.count - 1
    }

    /// The largest groups, and all others together.
    var shown: (groups: [ReconciliationSummary.Group], others: ReconciliationBuckets) {
        let sorted = groups.sorted { ($1.buckets.total, $0.name) < ($0.buckets.total, $1.name) }
        var others = rest
        for group in sorted.dropFirst(Self.shownLimit) { others.add(group.buckets) }
        return (Array(sorted.prefix(Self.shownLimit)), others)
    }
}

/// How often each kind of reason was given; the kinds are few.
struct CauseTally {
    private var counts: [String: Int] = [:]

    mutating func add(_ name: String) { counts[name, default: 0] += 1 }

    /// The most frequent first.
    var shown: [ReconciliationSummary.Cause] {
        counts.map { .init(name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}

extension ReconciliationBuckets {
    mutating func add(_ other: ReconciliationBuckets) {
        confirmed += other.confirmed
        mismatch += other.mismatch
        failed += other.failed
        missing += other.missing
        rejected += other.rejected
    }
}
