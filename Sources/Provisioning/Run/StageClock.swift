import Glibc

/// Adds up the time that one stage takes.
///
/// One owner: the stage.
public struct StageClock {
    private var elapsed = 0.0

    /// Seconds so far, to the microsecond.
    var seconds: Double { Self.rounded(elapsed) }

    mutating func measure<R>(_ body: () throws -> R) rethrows -> R {
        let start = Self.now()
        defer { elapsed += Self.now() - start }
        return try body()
    }

    /// Seconds from `start` until now, to the microsecond.
    static func seconds(since start: Double) -> Double { rounded(now() - start) }

    static func rounded(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }

    /// Seconds of a clock that only goes forward.
    public static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
