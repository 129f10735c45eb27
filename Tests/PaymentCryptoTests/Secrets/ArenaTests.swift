import Glibc
import Testing

@testable import PaymentCrypto

/// An arena of the test's own, so that nobody else has anything in it.
@Suite("The arena of clear keys")
struct ArenaTests {
    private func makeArena(reserving byteCount: Int = 8 << 20) throws -> Arena {
        try #require(Arena(reserving: byteCount))
    }

    @Test("pieces are zero, apart, and at cache lines of their own")
    func pieces() throws {
        let arena = try makeArena()
        let pieces = [1, 16, 64, 65, 5_000, 300_000, 0].map { arena.allocate(byteCount: $0) }
        for piece in pieces {
            let start = try #require(piece.baseAddress)
            #expect(UInt(bitPattern: start) % 64 == 0)
            #expect(piece.allSatisfy { $0 == 0 })
            piece.initializeMemory(as: UInt8.self, repeating: 0xFF)
        }
        let sorted = pieces.sorted { UInt(bitPattern: $0.baseAddress) < UInt(bitPattern: $1.baseAddress) }
        for (lower, upper) in zip(sorted, sorted.dropFirst()) {
            let (start, next) = (try #require(lower.baseAddress), try #require(upper.baseAddress))
            #expect(start + max(1, lower.count) <= next)
        }
        for piece in pieces { arena.release(piece) }
    }

    @Test("once everything is given back, the arena is clear and whole")
    func clearAndWhole() throws {
        let arena = try makeArena()
        var generator = SystemRandomNumberGenerator()
        var pieces: [UnsafeMutableRawBufferPointer] = []
        for _ in 0..<2_000 {
            if pieces.count > 40 || Bool.random(using: &generator), !pieces.isEmpty {
                arena.release(pieces.remove(at: Int.random(in: pieces.indices, using: &generator)))
            } else {
                let piece = arena.allocate(byteCount: Int.random(in: 0...70_000, using: &generator))
                #expect(piece.allSatisfy { $0 == 0 })
                piece.initializeMemory(as: UInt8.self, repeating: 0xA5)
                pieces.append(piece)
            }
        }
        for piece in pieces { arena.release(piece) }
        let count = arena.status.byteCount
        #expect(UnsafeRawBufferPointer(start: arena.start, count: count).allSatisfy { $0 == 0 })
        #expect(arena.hasRoom(for: count))
        #expect(arena.status.byteCount == count)
    }

    @Test("a full arena refuses")
    func full() throws {
        let arena = try makeArena(reserving: 1 << 20)
        #expect(!arena.hasRoom(for: (1 << 20) + 1))
        #expect(arena.hasRoom(for: 1 << 20))
        let half = arena.allocate(byteCount: 1 << 19)
        #expect(!arena.hasRoom(for: (1 << 19) + 1))
        arena.release(half)
        #expect(arena.hasRoom(for: 1 << 20))
    }

    @Test("workers get what there is, and less each where there is less", arguments: [0, 1, 2, 32])
    func shares(workers: Int) throws {
        let arena = try makeArena(reserving: 64 << 20)
        let status = arena.prepare(workers: workers)
        let share = LockedArena.standardWorkerByteCount / 8 * 7
        #expect(status.workerByteCount <= share)
        #expect(status.workerByteCount >= Arena.leastWorkerByteCount / 8 * 7)
        // All of them together have room.
        #expect(arena.hasRoom(for: max(1, workers * status.workerByteCount)))
        if status.limit == nil { #expect(status.workerByteCount == share) }
    }

    @Test("nobody may touch the pages round it")
    func guardPages() throws {
        let arena = try makeArena()
        _ = arena.prepare(workers: 1)
        let (start, count) = (UInt(bitPattern: arena.start), UInt(arena.status.byteCount))
        let page = UInt(LockedPages.pageByteCount)
        #expect(try permissions(at: start) == "rw-p")
        #expect(try permissions(at: start + count - 1) == "rw-p")
        #expect(try permissions(at: start - page) == "---p")
        #expect(try permissions(at: start + count) == "---p")
    }

    @Test("left out of core dumps, and empty in a child process")
    func advice() throws {
        let arena = try makeArena()
        _ = arena.prepare(workers: 1)
        let flags = try flags(at: UInt(bitPattern: arena.start))
        #expect(flags.contains("dd"), "\(flags)")
        #expect(flags.contains("wf"), "\(flags)")
        #expect(flags.contains("lo") == arena.status.isLocked, "\(flags)")
    }

    /// What the kernel says of the mapping that an address is in.
    private func permissions(at address: UInt) throws -> String {
        String(try #require(try mapping(at: address)).split(separator: " ")[1])
    }

    private func flags(at address: UInt) throws -> [Substring] {
        let lines = try smaps()
        let index = try #require(lines.firstIndex { range(of: $0)?.contains(address) == true })
        let line = try #require(lines[index...].first { $0.hasPrefix("VmFlags:") })
        return line.split(separator: " ")
    }

    private func mapping(at address: UInt) throws -> Substring? {
        try smaps().first { range(of: $0)?.contains(address) == true }
    }

    private func range(of line: Substring) -> Range<UInt>? {
        guard let ends = line.split(separator: " ").first?.split(separator: "-"), ends.count == 2,
            let start = UInt(ends[0], radix: 16), let end = UInt(ends[1], radix: 16)
        else { return nil }
        return start..<end
    }

    private func smaps() throws -> [Substring] {
        let file = try #require(fopen("/proc/self/smaps", "r"))
        defer { fclose(file) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}

@Suite("Free ranges")
struct FreeRangesTests {
    @Test("small pieces from one end, large ones from the other")
    func ends() {
        var free = FreeRanges()
        free.give(0..<1000)
        #expect(free.take(10, fromEnd: false) == 0..<10)
        #expect(free.take(100, fromEnd: true) == 900..<1000)
        #expect(free.take(10, fromEnd: false) == 10..<20)
        #expect(free.ranges == [20..<900])
        #expect(free.take(881, fromEnd: true) == nil)
        #expect(free.take(880, fromEnd: true) == 20..<900)
        #expect(free.ranges.isEmpty)
        #expect(free.free(before: 1000) == 0)
    }

    @Test("what is given back grows together again, in any order", arguments: 0..<24)
    func merging(seed: Int) {
        var free = FreeRanges()
        free.give(0..<40)
        var parts = (0..<4).compactMap { _ in free.take(10, fromEnd: false) }
        var rest = seed
        while !parts.isEmpty {
            let (index, next) = (rest % parts.count, rest / parts.count)
            free.give(parts.remove(at: index))
            rest = next
            #expect(free.ranges == free.ranges.sorted { $0.lowerBound < $1.lowerBound })
        }
        #expect(free.ranges == [0..<40])
        #expect(free.free(before: 40) == 40)
    }
}
