/// What `DIR.reconciliation.html` says: how many devices are in each bucket, where the others are, and why.
///
/// The names here and in its parts are those of the template `reconciliation`.
struct ReconciliationPage {
    struct Returned {
        let file: String
        let isThis: Bool
        let reconciled: String
        let by: String
        let rowCount: String
    }

    struct Cause {
        let cause: String
        let devices: String
    }

    let frame: PageFrame
    let returnedName: String
    let runID: String
    let timeText: String
    let environmentText: String
    let figures: [PageFigure]
    let barText: String
    let barParts: [PageBarPart]
    let sumText: String
    let besides: [PageFigure]
    let facts: [PageFact]
    let returns: [Returned]
    let clusters: ClustersPart?
    let groupTables: [PageGroupTable]
    let causes: [Cause]
    let hasCauses: Bool
    let evidence: ProvenancePart
    let rows: PageRows

    init(_ summary: ReconciliationSummary, rows: PageRows) {
        let run = summary.run
        let isTest = run.environment == "test"
        frame = PageFrame(
            title: "Reconciliation of run \(run.id)", kind: "returns", foot: "ipek reconciliation of run \(run.id)",
            isTest: isTest, version: summary.toolVersion)
        returnedName = summary.returned.name == "-" ? "Return from standard input" : summary.returned.name
        runID = run.id
        timeText = PageText.moment(summary.returned.time)
        environmentText = isTest ? "test site" : "production site"
        let counts = summary.buckets.counts
        figures =
            [PageFigure(kind: "all", value: PageText.grouped(summary.buckets.total), name: "in the manifest")]
            + counts.map { PageFigure(kind: $0.kind, value: PageText.grouped($0.count), name: $0.kind) }
        barText = counts.map { "\(PageText.grouped($0.count)) \($0.kind)" }.joined(separator: ", ")
        barParts = PageBarPart.parts(counts, of: summary.buckets.total)
        let sum = counts.map { PageText.grouped($0.count) }.joined(separator: " + ")
        sumText = """
            \(sum) = \(PageText.grouped(summary.buckets.total)): every device of the manifest is in one of the five.
            """
        besides = [
            PageFigure(
                kind: "unexpected", value: PageText.grouped(summary.unexpected),
                name: "returned that the run does not have"),
            PageFigure(kind: "duplicate", value: PageText.grouped(summary.duplicate), name: "returned more than once"),
        ]
        facts = summary.facts
        returns = summary.earlier.map { Returned($0, isThis: false) } + [Returned(summary.returned, isThis: true)]
        clusters = ClustersPart(summary)
        groupTables = [
            PageGroupTable("Model", summary.models, others: summary.otherModels, none: "no model"),
            PageGroupTable("Slot", summary.slots, others: summary.otherSlots, none: "no slot"),
        ]
        causes = summary.causes.map { Cause(cause: $0.name, devices: PageText.grouped($0.count)) }
        hasCauses = !causes.isEmpty
        evidence = ProvenancePart(summary)
        self.rows = rows
    }
}

extension ReconciliationPage.Returned {
    fileprivate init(_ returned: ReconciliationSummary.Return, isThis: Bool) {
        (file, self.isThis) = (returned.name, isThis)
        reconciled = PageText.moment(returned.time)
        by = returned.operators.isEmpty ? "not named" : returned.operators.joined(separator: ", ")
        rowCount = PageText.grouped(returned.rows)
    }
}

extension ReconciliationBuckets {
    /// The five, in the order in which pages show them.
    var counts: [(kind: String, count: Int)] {
        ReconciliationResult.allCases.filter { $0 != .unexpected }.map { (kind: $0.rawValue, count: self[$0]) }
    }
}

extension PageGroupTable {
    fileprivate init(
        _ title: String, _ found: [ReconciliationSummary.Group], others: ReconciliationBuckets, none: String
    ) {
        groupTitle = title
        groupColumns = others.counts.map { $0.kind.prefix(1).uppercased() + $0.kind.dropFirst() }
        let most = max(1, found.map(\.buckets.total).max() ?? 1, others.total)
        let rest = others.total > 0 ? [(isNamed: false, name: "all others", buckets: others)] : []
        groups =
            (found.map { (isNamed: !$0.name.isEmpty, name: $0.name.isEmpty ? none : $0.name, buckets: $0.buckets) }
            + rest)
            .map { group in
                Row(
                    isNamed: group.isNamed, name: group.name,
                    parts: PageBarPart.parts(group.buckets.counts, of: most),
                    numbers: group.buckets.counts.map { Number($0.count) })
            }
    }
}

extension ReconciliationSummary {
    fileprivate var facts: [PageFact] {
        [
            PageFact("Run folder", run.folder),
            PageFact("Manifest", run.manifest),
            PageFact("The run began", PageText.moment(run.started)),
            PageFact("The run ended", PageText.moment(run.ended)),
            PageFact(
                "Operators of the run",
                (run.operators.isEmpty ? ["not named"] : run.operators).map { .init(text: $0, code: nil) }),
            PageFact(
                "Base derivation key",
                run.baseKeys.map { .init(text: "\($0.name), \($0.algorithm), check value", code: $0.kcv) }),
        ] + (run.note.map { [PageFact("Note of the run", $0, isWide: true)] } ?? [])
    }
}

extension ProvenancePart {
    fileprivate init(_ summary: ReconciliationSummary) {
        let run = summary.run
        var lines = [
            PageEvidence(name: "Run", value: run.id),
            PageEvidence(name: "SHA256SUMS", note: "of the run, SHA-256", value: run.sumsSHA256),
            PageEvidence(name: run.manifest, note: "manifest, SHA-256", value: run.manifestSHA256),
        ]
        lines += run.baseKeys.map { PageEvidence(name: $0.name, note: "BDK, check value", value: $0.kcv) }
        lines += (summary.earlier + [summary.returned]).map {
            PageEvidence(name: $0.name, note: "returned, SHA-256", value: $0.sha256)
        }
        lines.append(PageEvidence(name: summary.reportName, note: "SHA-256", value: summary.reportSHA256))
        if let head = summary.auditHead { lines.append(PageEvidence(name: "Audit head", value: head)) }
        let operators = summary.returned.operators
        self.init(
            provenance: lines, provenanceNote: "",
            signers: operators + Array(repeating: "", count: max(0, 2 - operators.count)))
    }
}
