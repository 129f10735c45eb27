/// Chance that comes out the same every time (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x5851_F42D_4C95_7F2D
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Numbers of every kind: none, few or many; at either end of the number line; scattered, crowded and in rows.
    mutating func numbers(below limit: UInt64 = 1 << 59) -> Set<UInt64> {
        var numbers: Set<UInt64> = []
        for _ in 0..<Int.random(in: 0...8, using: &self) {
            let start = [0, limit - 200, 1000, UInt64.random(in: 0..<limit - 200, using: &self)].randomElement(
                using: &self)
            let width = UInt64.random(in: 1...200, using: &self)
            for number in (start ?? 0)..<(start ?? 0) + width where width > 100 || Bool.random(using: &self) {
                numbers.insert(number)
            }
        }
        for _ in 0..<[0, 10, 2_000][Int.random(in: 0..<3, using: &self)] {
            numbers.insert(UInt64.random(in: 0..<limit, using: &self))
        }
        return numbers
    }
}
