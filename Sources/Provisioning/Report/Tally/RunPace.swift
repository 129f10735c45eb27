/// How far a run was when, in few enough points to draw.
struct RunPace: Sendable {
    struct Point: Sendable {
        /// Since the second pass began.
        var seconds: Double
        var devices: Int
    }

    /// The most points that are kept.
    static let limit = 256

    private let start = StageClock.now()
    private(set) var points: [Point] = []
    private var stride = 1
    private var sinceLast = 0

    /// Notes that so many devices are done; keeps every n-th of these moments.
    mutating func note(devices: Int) {
        sinceLast += 1
        guard sinceLast >= stride else { return }
        sinceLast = 0
        points.append(Point(seconds: StageClock.seconds(since: start), devices: devices))
        guard points.count == Self.limit else { return }
        points = points.indices.filter { !$0.isMultiple(of: 2) }.map { points[$0] }
        stride *= 2
    }
}
