import Glibc

/// A part of an unfinished index that is in order by itself.
struct IndexSegment {
    /// Where its first block begins.
    var start: Int
    var blocks: [IndexBlockWriter.Block]
    /// The device of its last entry.
    var last: [UInt8]
}

/// Gives the entries of several segments in order, holding one block of each.
struct IndexMerge {
    private var sources: [Source] = []
    /// A heap of the sources that are not at their end, the least first.
    private var heap: [Node] = []

    /// What most comparisons need of a source's entry.
    private struct Node {
        var prefix: UInt64
        var source: Int
    }

    init(_ segments: [IndexSegment], in file: IndexFile) throws {
        let common = Self.commonCount(segments)
        for segment in segments {
            let source = Source(segment, file, prefixStart: common)
            guard try source.advance() else { continue }
            heap.append(Node(prefix: source.prefix, source: sources.count))
            sources.append(source)
        }
        for index in heap.indices.reversed() { sink(index) }
    }

    /// Gives the next entry; false where there is none.
    mutating func next(_ body: (IndexEntry) throws -> Void) throws -> Bool {
        guard let least = heap.first else { return false }
        let source = sources[least.source]
        try body(source.reader.entry)
        if try source.advance() {
            heap[0].prefix = source.prefix
        } else {
            let last = heap.removeLast()
            if heap.isEmpty { return true }
            if last.source != least.source { heap[0] = last }
        }
        sink(0)
        return true
    }

    /// How many bytes all names begin with alike: what the first and the last of each segment do.
    private static func commonCount(_ segments: [IndexSegment]) -> Int {
        let names = segments.flatMap { [$0.blocks.first?.firstDevice ?? [], $0.last] }
        guard let first = names.first else { return 0 }
        return first.withUnsafeBufferPointer { first in
            names.reduce(first.count) { count, name in
                name.withUnsafeBufferPointer { IndexKey.commonCount(first, $0, upTo: count) }
            }
        }
    }

    /// Restores the heap's order below `index`.
    private mutating func sink(_ index: Int) {
        var parent = index
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < heap.count {
                if precedes(heap[child], heap[least]) { least = child }
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ left: Node, _ right: Node) -> Bool {
        left.prefix != right.prefix
            ? left.prefix < right.prefix : sources[left.source].precedes(sources[right.source])
    }

    private final class Source {
        let reader = IndexBlockReader()
        private let file: IndexFile
        private var blocks: ArraySlice<IndexBlockWriter.Block>
        private var offset: Int
        /// Where names differ first.
        private let prefixStart: Int
        /// Of the entry.
        private(set) var prefix: UInt64 = 0

        init(_ segment: IndexSegment, _ file: IndexFile, prefixStart: Int) {
            (self.file, self.prefixStart) = (file, prefixStart)
            blocks = segment.blocks[...]
            offset = segment.start
        }

        /// Goes to the next entry; false where there is none.
        func advance() throws -> Bool {
            while !reader.next() {
                guard !reader.isMalformed else { throw FileFailure("reading", file.path, code: EIO) }
                guard let block = blocks.popFirst() else { return false }
                guard let bytes = try file.read(block.byteCount, at: offset) else {
                    throw FileFailure("reading", file.path, code: EIO)
                }
                offset += block.byteCount
                reader.begin(bytes)
            }
            prefix = IndexKey.prefix(of: reader.entry.device, from: prefixStart)
            return true
        }

        func precedes(_ other: Source) -> Bool {
            let (ours, theirs) = (reader.entry, other.reader.entry)
            return IndexKey.compare(ours.device, ours.slot, to: theirs.device, theirs.slot) < 0
        }
    }
}
