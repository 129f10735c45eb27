/// A hash of short text: the text as a polynomial, taken at a point that chance chooses, modulo the prime 2^61 - 1.
///
/// Somebody who writes a manifest cannot make names collide, since he does not see the point: two texts of n bytes, of
/// which each seven are a coefficient, have the same hash at no more than n / 7 + 1 of the 2^61 points. That is a bound
/// for every pair of texts, and needs no belief in a mixing function; a good one as SipHash takes several times longer.
struct TextHash: Sendable {
    private static let prime: UInt64 = 1 << 61 - 1
    private let point = UInt64.random(in: 1..<prime)

    /// The value below the prime, spread over 64 bits by a permutation, so that any of them find a place in a table.
    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        // The length comes first, so that no text is another one with zeros behind it.
        var value = UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            value = next(value, word & 0x00FF_FFFF_FFFF_FFFF)
            index += 7
        }
        // One to seven bytes are left, unless there were none at all.
        var rest: UInt64 = 0
        for place in stride(from: bytes.count - 1, through: index, by: -1) { rest = rest << 8 | UInt64(bytes[place]) }
        value = next(value, rest)
        return DuplicateHashing.mix(value < Self.prime ? value : value - Self.prime)
    }

    /// The value so far times the point and one coefficient more; a little above the prime at most.
    @inline(__always)
    private func next(_ value: UInt64, _ coefficient: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: point)
        // 2^61 is one more than the prime, so what is above it is added.
        let sum = product.low & Self.prime &+ (product.high << 3 | product.low >> 61) &+ coefficient
        return sum & Self.prime &+ sum >> 61
    }
}
