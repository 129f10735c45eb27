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

    @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
