/// What `report.html` says: who, what, when, how many, which numbers, what was refused and why.
///
/// The names here and in its parts are those of the template `run`.
struct RunPage {
    let frame: PageFrame
    let manifestName: String
    let runID: String
    let startedText: String
    let environmentText: String
    let figures: [PageFigure]
    let barText: String
    let barParts: [PageBarPart]
    let facts: [PageFact]
    let notices: [String]
    let hasNotices: Bool
    let groupTables: [PageGroupTable]
    let numberLines: NumberLinesPart?
    let time: TimePart
    let rejection: RejectionPart?
    let evidence: ProvenancePart
    let rows: PageRows

    init(_ source: RunPageSource, rows: PageRows) {
        let (record, tally) = (source.record, source.tally)
        let isTest = record.environment == "test"
        frame = PageFrame(
            title: "Run \(record.runId)", kind: "run", foot: "ipek run \(record.runId)", isTest: isTest,
            version: record.tool.version)
        manifestName = Self.title(record.manifest.name)
        runID = record.runId
        startedText = PageText.moment(record.started)
        environmentText = isTest ? "test site" : "production site"
        let counts = [("issued", record.counts.issued), ("rejected", record.counts.rejected)]
        figures =
            [PageFigure(kind: "all", value: PageText.grouped(record.counts.devices), name: "in the manifest")]
            + counts.map { PageFigure(kind: $0, value: PageText.grouped($1), name: $0) }
        barText = counts.map { "\(PageText.grouped($1)) \($0)" }.joined(separator: ", ")
        barParts = PageBarPart.parts(counts.map { (kind: $0, count: $1) }, of: record.counts.devices)
        facts = record.facts
        // The banner says it already.
        notices = record.notices.filter { !$0.hasPrefix("TEST") }
        hasNotices = !notices.isEmpty
        groupTables = [
            PageGroupTable("Model", tally.models, none: "no model"),
            PageGroupTable("Slot", tally.slots, none: "no slot"),
        ]
        numberLines = NumberLinesPart(tally.keySets, baseKeyNames: source.baseKeyNames)
        time = TimePart(record, tally.pace)
        rejection = record.counts.rejected > 0 ? RejectionPart(tally.causes) : nil
        evidence = ProvenancePart(record, digests: source.digests, auditHead: source.auditHead)
        self.rows = rows
    }

    /// The manifest without its folders, which are among the facts.
    private static func title(_ path: String) -> String {
        path == "-" ? "Manifest from standard input" : path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// What a run's page is made of.
struct RunPageSource {
    let record: RunRecord
    let tally: RunTally
    /// By their indices in ``ManifestKeys``.
    let baseKeyNames: [String]
    /// The SHA-256 of each file that is on disk already.
    let digests: [(name: String, digest: String)]
    /// Of the audit log's line that tells of the run's beginning.
    let auditHead: String?
}

extension PageGroupTable {
    /// The most groups that are listed; the others are one line.
    private static let limit = 20

    init(_ title: String, _ counts: TextCounts, none: String) {
        groupTitle = title
        groupColumns = ["Issued", "Rejected"]
        let ranked = counts.ranked
        let most = max(1, ranked.first?.count ?? 1)
        var rows = ranked.prefix(Self.limit).map { entry in
            Self.row(
                entry.text.isEmpty ? none : String(decoding: entry.text, as: UTF8.self), entry, of: most,
                isNamed: !entry.text.isEmpty)
        }
        var others = counts.others
        for entry in ranked.dropFirst(Self.limit) {
            others.issued += entry.issued
            others.rejected += entry.rejected
        }
        if others.count > 0 {
            let names = ranked.count - Self.limit
            let name = counts.others.count > 0 ? "all others" : PageText.count(names, "other")
            rows.append(Self.row(name, others, of: max(most, others.count), isNamed: false))
        }
        groups = rows
    }

    private static func row(_ name: String, _ entry: TextCounts.Entry, of most: Int, isNamed: Bool) -> Row {
        Row(
            isNamed: isNamed, name: name,
            parts: PageBarPart.parts([("issued", entry.issued), ("rejected", entry.rejected)], of: most),
            numbers: [Number(entry.issued), Number(entry.rejected)])
    }
}
