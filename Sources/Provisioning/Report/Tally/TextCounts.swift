import Glibc

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
    /// Open addressing: an entry's index plus one, or zero.
    private var table = [Int32](repeating: 0, count: 4 * Self.limit)

    /// Counts a column of a chunk's texts, of all devices that the report has.
    mutating func add(_ texts: UnsafePointer<TextReference>, of chunk: ProvisioningChunk) {
        let devices = chunk.devices
        var (same, issued, rejected) = (UnsafeBufferPointer<UInt8>(start: nil, count: 0), 0, 0)
        for device in 0..<devices.count {
            let status = devices.status[device]
            if status == .inRejectedRow { continue }
            let text = chunk.text(texts[device])
            // Neighbours mostly have the same one.
            if !Self.areEqual(text, same) {
                if issued + rejected > 0 { add(same, issued: issued, rejected: rejected) }
                (same, issued, rejected) = (text, 0, 0)
            }
            if status == .accepted { issued += 1 } else { rejected += 1 }
        }
        if issued + rejected > 0 { add(same, issued: issued, rejected: rejected) }
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>, issued: Int, rejected: Int) {
        let index = index(of: text)
        var entry = index.map { entries[$0] } ?? others
        entry.issued += issued
        entry.rejected += rejected
        if let index { entries[index] = entry } else { others = entry }
    }

    /// Of the entry that has this text, which is made where there is none yet; nil where there is no room for it.
    private mutating func index(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        var place = Int(truncatingIfNeeded: Self.hash(text) % UInt64(table.count))
        while table[place] != 0 {
            let index = Int(table[place]) - 1
            if entries[index].text.withUnsafeBufferPointer({ Self.areEqual($0, text) }) { return index }
            place = (place + 1) % table.count
        }
        guard entries.count < Self.limit else { return nil }
        entries.append(Entry(text: Array(text)))
        table[place] = Int32(truncatingIfNeeded: entries.count)
        return entries.count - 1
    }

    /// The most frequent first; equals by name.
    var ranked: [Entry] {
        entries.sorted { $0.count != $1.count ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text) }
    }

    private static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        guard let ours = left.baseAddress, let theirs = right.baseAddress else { return true }
        return memcmp(ours, theirs, left.count) == 0
    }

    /// FNV-1a; whoever makes up texts that collide only slows his own run.
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
