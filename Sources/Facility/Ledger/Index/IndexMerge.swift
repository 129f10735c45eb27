import Glibc

/// A part of an unfinished index that is in order by itself.
struct IndexSegment {
    /// Where its first block begins.
    var start: Int
    var blocks: [IndexBlockWriter.Block]
}

/// Gives the entries of several segments in order, holding one block of each.
struct IndexMerge {
    private var sources: [Source] = []

    init(_ segments: [IndexSegment], in file: IndexFile) throws {
        for segment in segments {
            let source = Source(segment, file)
            if try source.advance() { sources.append(source) }
        }
        for index in sources.indices.reversed() { sink(index) }
    }

    /// Gives the next entry; false where there is none.
    mutating func next(_ body: (IndexEntry) throws -> Void) throws -> Bool {
        guard let least = sources.first else { return false }
        try least.reader.withEntry(body)
        if try !least.advance() {
            let last = sources.removeLast()
            if sources.isEmpty { return true }
            if last !== least { sources[0] = last }
        }
        sink(0)
        return true
    }

    /// Restores the heap's order below `index`.
    private mutating func sink(_ index: Int) {
        var parent = index
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < sources.count {
                if sources[child].precedes(sources[least]) { least = child }
            }
            if least == parent { return }
            sources.swapAt(parent, least)
            parent = least
        }
    }

    private final class Source {
        let reader = IndexBlockReader()
        private let file: IndexFile
        private var blocks: ArraySlice<IndexBlockWriter.Block>
        private var offset: Int

        init(_ segment: IndexSegment, _ file: IndexFile) {
            self.file = file
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
            return true
        }

        func precedes(_ other: Source) -> Bool {
            reader.withEntry { ours in
                other.reader.withEntry { theirs in
                    IndexKey.compare(ours.device, ours.slot, to: theirs.device, theirs.slot) < 0
                }
            }
        }
    }
}
