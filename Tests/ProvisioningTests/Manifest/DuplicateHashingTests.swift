import Testing

@testable import Provisioning

/// What stands for a name in the duplicate check.
struct DuplicateHashingTests {
    private func folded(_ name: [UInt8], slot: [UInt8]) -> [UInt8] {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 100) { buffer in
            name.withUnsafeBufferPointer { name in
                slot.withUnsafeBufferPointer { slot in
                    guard let start = buffer.baseAddress else { return [] }
                    return Array(DuplicateHashing.fold(name, slot: slot, into: start))
                }
            }
        }
    }

    @Test("only A to Z are folded, wherever they stand")
    func lowerCase() {
        for byte in UInt8.min ... .max {
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            for count in [1, 7, 8, 9, 17] {
                let name = [UInt8](repeating: byte, count: count)
                let lower = [UInt8](repeating: isCapital ? byte + 32 : byte, count: count)
                #expect(folded(name, slot: name) == lower + [UInt8(ascii: "+")] + lower)
            }
        }
    }

    @Test("one byte more, less or other is another text; the same one has the same hash")
    func textHash() {
        let hash = TextHash()
        var seen: [UInt64: [UInt8]] = [:]
        for count in 0...73 {
            for place in 0...count {
                // Zeros behind a text do not make it another one's beginning.
                var text = [UInt8](repeating: 0, count: count)
                if place < count { text[place] = 0xFF }
                let value = text.withUnsafeBytes { hash.hash($0) }
                #expect(text.withUnsafeBytes { hash.hash($0) } == value)
                #expect(seen.updateValue(text, forKey: value) == nil)
            }
        }
    }
}
