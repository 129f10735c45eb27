import Glibc

/// A set of line numbers, one bit each; pages without a member take no memory.
///
/// Unchecked: one owner writes, and only before the set is shared.
final class LineSet: @unchecked Sendable {
    private let bits: UnsafeMutablePointer<UInt8>
    private let lineCount: Int

    /// An empty set of lines from 1 to `lineCount`.
    init(lineCount: Int) throws(ManifestReadError) {
        guard let block = calloc(lineCount / 8 + 1, 1) else { throw .outOfMemory }
        bits = block.assumingMemoryBound(to: UInt8.self)
        self.lineCount = lineCount
    }

    deinit {
        free(bits)
    }

    func insert(_ line: Int) {
        guard line >= 0, line <= lineCount else { return }
        bits[line / 8] |= 1 << UInt8(line % 8)
    }

    func contains(_ line: Int) -> Bool {
        line >= 0 && line <= lineCount && bits[line / 8] & 1 << UInt8(line % 8) != 0
    }
}
