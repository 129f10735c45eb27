/// How devices are ordered in a run's index: by device_id, then by slot, case ignored in both.
enum IndexKey {
    /// Less than zero, zero, or more, like `memcmp`.
    static func compare(
        _ device: UnsafeBufferPointer<UInt8>, _ slot: UnsafeBufferPointer<UInt8>,
        to otherDevice: UnsafeBufferPointer<UInt8>, _ otherSlot: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let order = compare(device, otherDevice)
        return order != 0 ? order : compare(slot, otherSlot)
    }

    /// The shorter one first where it is the beginning of the other.
    static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let common = commonCount(left, right, upTo: Int.max)
        guard common < left.count, common < right.count else { return left.count - right.count }
        return fold(left[common]) < fold(right[common]) ? -1 : 1
    }

    /// How many bytes two names begin with alike, of so many.
    static func commonCount(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, upTo limit: Int
    ) -> Int {
        let limit = min(limit, left.count, right.count)
        var count = 0
        while count < limit {
            let difference = prefix(of: left, from: count) ^ prefix(of: right, from: count)
            if difference != 0 { return min(limit, count + difference.leadingZeroBitCount / 8) }
            count += 8
        }
        return limit
    }

    /// Eight bytes of a name from a place on, which decide most comparisons of names that begin alike up to there.
    static func prefix(of name: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64 {
        if start + 8 <= name.count, let bytes = name.baseAddress {
            return fold(UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: start, as: UInt64.self).bigEndian)
        }
        var prefix: UInt64 = 0
        for place in start..<start + 8 { prefix = prefix << 8 | UInt64(place < name.count ? name[place] : 0) }
        return fold(prefix)
    }

    @inline(__always)
    private static func fold(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The same for eight bytes at once: the highest bit of each says whether it is a capital letter.
    @inline(__always)
    private static func fold(_ bytes: UInt64) -> UInt64 {
        let (each, high) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        let low = bytes & ~high
        let isFromA = low + each * (0x80 - UInt64(UInt8(ascii: "A")))
        let isBehindZ = low + each * (0x7F - UInt64(UInt8(ascii: "Z")))
        return bytes | (isFromA & ~isBehindZ & ~bytes & high) >> 2
    }
}
