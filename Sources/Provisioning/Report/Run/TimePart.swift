/// A stage of a run along its time line.
struct PageStage {
    let number: Int
    let name: String
    let x: String
    let width: String
    let took: String
    let share: String
}

/// When the run did what.
struct TimePart {
    let timeSummary: String
    let stages: [PageStage]
    let startedClock: String
    let endedClock: String
    let hasPace: Bool
    let paceText: String
    let pacePoints: String

    init(_ record: RunRecord, _ pace: RunPace) {
        let timings = record.timings
        let whole = max(timings.elapsedSeconds, timings.checkSeconds + timings.syncSeconds, 1e-6)
        let spans = [
            ("The manifest is checked", timings.checkSeconds),
            ("Keys are made and written", whole - timings.checkSeconds - timings.syncSeconds),
            ("Everything is brought to disk", timings.syncSeconds),
        ]
        var x = 0.0
        stages = spans.enumerated().map { index, span in
            let width = 1_000 * span.1 / whole
            defer { x += width }
            return PageStage(
                number: index + 1, name: span.0, x: PageText.coordinate(x), width: PageText.coordinate(width),
                took: PageText.duration(span.1), share: PageText.share(span.1, of: whole))
        }
        timeSummary = spans.map { "\($0.0): \(PageText.duration($0.1))" }.joined(separator: "; ")
        startedClock = "\(PageText.clock(record.started)) UTC"
        endedClock = "\(PageText.clock(record.ended)) UTC, after \(PageText.duration(whole))"
        let curve = PaceCurve(pace)
        (hasPace, pacePoints, paceText) = (curve != nil, curve?.points ?? "", curve?.text ?? "")
    }
}

/// Devices a second while keys were made.
private struct PaceCurve {
    let points: String
    let text: String

    /// Nothing where there are too few points to say something.
    init?(_ pace: RunPace) {
        guard pace.points.count >= 8, let end = pace.points.last, end.seconds > 0 else { return nil }
        let rates = zip(pace.points, pace.points.dropFirst()).compactMap { before, after in
            after.seconds > before.seconds
                ? (
                    from: before.seconds, to: after.seconds,
                    rate: Double(after.devices - before.devices) / (after.seconds - before.seconds)
                ) : nil
        }
        guard let most = rates.map(\.rate).max(), most > 0 else { return nil }
        var corners: [String] = ["0,100"]
        for span in rates {
            let y = PageText.coordinate(100 - 100 * span.rate / most)
            corners.append("\(PageText.coordinate(1_000 * span.from / end.seconds)),\(y)")
            corners.append("\(PageText.coordinate(1_000 * span.to / end.seconds)),\(y)")
        }
        points = (corners + ["1000,100"]).joined(separator: " ")
        let mean = Double(end.devices) / end.seconds
        text = """
            Devices a second while keys were made: \(PageText.grouped(Int(mean))) on average, \
            \(PageText.grouped(Int(most))) at most.
            """
    }
}
