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
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            let (ours, theirs) = (fold(left[index]), fold(right[index]))
            if ours != theirs { return ours < theirs ? -1 : 1 }
        }
        return left.count - right.count
    }

    /// How many bytes two names begin with alike, of so many.
    static func commonCount(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, upTo limit: Int
    ) -> Int {
        let limit = min(limit, left.count, right.count)
        var count = 0
        while count < limit, fold(left[count]) == fold(right[count]) { count += 1 }
        return count
    }

    /// Eight bytes of a name from a place on, which decide most comparisons of names that begin alike up to there.
    static func prefix(of name: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64 {
        var prefix: UInt64 = 0
        for place in start..<start + 8 { prefix = prefix << 8 | UInt64(place < name.count ? fold(name[place]) : 0) }
        return prefix
    }

    @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
