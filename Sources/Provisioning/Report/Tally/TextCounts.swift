/// How many devices have each of a few texts, such as models.
///
/// No text is made where one is seen again. Beyond the limit, further texts are counted together.
struct TextCounts: Sendable {
    struct Entry: Sendable {
        var text: [UInt8]
        var issued = 0
        var rejected = 0

        var count: Int { issued + rejected }
    }

    /// The most texts that are told apart.
    static let limit = 1_024

    private(set) var entries: [Entry] = []
    /// What has no entry of its own.
    private(set) var others = Entry(text: [])
    private var last = 0
    /// Open addressing: an entry's index plus one, or zero.
    private var table = [Int32](repeating: 0, count: 4 * Self.limit)

    mutating func add(_ text: UnsafeBufferPointer<UInt8>, isIssued: Bool) {
        if last < entries.count, entries[last].text.elementsEqual(text) { return count(last, isIssued) }
        var place = Int(truncatingIfNeeded: Self.hash(text) % UInt64(table.count))
        while table[place] != 0 {
            let index = Int(table[place]) - 1
            if entries[index].text.elementsEqual(text) {
                last = index
                return count(index, isIssued)
            }
            place = (place + 1) % table.count
        }
        guard entries.count < Self.limit else {
            if isIssued { others.issued += 1 } else { others.rejected += 1 }
            return
        }
        entries.append(Entry(text: Array(text)))
        table[place] = Int32(truncatingIfNeeded: entries.count)
        last = entries.count - 1
        count(last, isIssued)
    }

    /// The most frequent first; equals by name.
    var ranked: [Entry] {
        entries.sorted { $0.count != $1.count ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text) }
    }

    private mutating func count(_ index: Int, _ isIssued: Bool) {
        if isIssued { entries[index].issued += 1 } else { entries[index].rejected += 1 }
    }

    /// FNV-1a; whoever makes up texts that collide only slows his own run.
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
