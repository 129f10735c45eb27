/// TDES manifests too large to keep as files, with consecutive or shuffled key serial numbers.
struct FleetText: Sendable {
    let count: Int
    var isShuffled = false

    /// Writes the manifest a block at a time, until `write` refuses.
    func write(_ write: (UnsafeRawBufferPointer) -> Bool) {
        var block = Array("device_id,ksn,model\n".utf8)
        for index in 0..<count {
            append(index, to: &block)
            if block.count < 65_536 { continue }
            guard block.withUnsafeBytes(write) else { return }
            block.removeAll(keepingCapacity: true)
        }
        _ = block.withUnsafeBytes(write)
    }

    private func append(_ index: Int, to block: inout [UInt8]) {
        // Multiplying by an odd number modulo a power of two visits every place once.
        let place = isShuffled ? (index &* 0x9E37_79B1) & 0x3FF_FFFF : index
        // The device field begins five bits above the eighth byte's end; the counter below it is zero.
        let leading = UInt64(0xFFFF_9876_0000_0000) + UInt64(place) << 5
        block.append(contentsOf: "T-\(index),\(String(leading, radix: 16, uppercase: true))0000,Kiosk\n".utf8)
    }
}
