import Glibc

/// Adds up the time that one stage takes. One owner: the stage.
public struct StageClock {
    private(set) var seconds = 0.0

    mutating func measure<R>(_ body: () throws -> R) rethrows -> R {
        let start = Self.now()
        defer { seconds += Self.now() - start }
        return try body()
    }

    /// Seconds of a clock that only goes forward.
    public static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
