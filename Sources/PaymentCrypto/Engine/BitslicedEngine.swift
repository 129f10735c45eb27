import CBitslicedDES
import Glibc

/// The fast engine for TDES: one bit of hundreds of blocks in each register, and no table that a key or block looks into.
///
/// AES it leaves to OpenSSL.
@_spi(Engine) public struct BitslicedEngine: CipherEngine {
    /// What its kernels are compiled for.
    public enum Level: Int, CaseIterable, Comparable, Sendable {
        /// Ordinary registers: every processor.
        case plain
        /// Registers of 256 bits.
        case avx2
        /// Registers of 512 bits.
        case avx512

        /// The highest that this processor has, or less where `IPEK_TDES_LEVEL` names less.
        ///
        /// So it can be measured here what another processor would take; nothing can be made of it but a slower run.
        public static let highest = lowered(allCases.last { $0.number <= bitsliced_des_highest_level() } ?? .plain)

        private static func lowered(_ highest: Level) -> Level {
            guard let wanted = getenv("IPEK_TDES_LEVEL").map({ String(cString: $0) }) else { return highest }
            return min(highest, allCases.first { $0.name == wanted } ?? highest)
        }

        /// Those that this processor has, the lowest first.
        public static var available: [Level] { allCases.filter { $0 <= highest } }

        /// How people call it.
        public var name: String {
            switch self {
            case .plain: "plain"
            case .avx2: "AVX2"
            case .avx512: "AVX-512"
            }
        }

        /// Its number in the kernels' interface.
        fileprivate var number: Int32 {
            switch self {
            case .plain: Int32(BITSLICED_DES_PLAIN)
            case .avx2: Int32(BITSLICED_DES_AVX2)
            case .avx512: Int32(BITSLICED_DES_AVX512)
            }
        }

        /// Lower is what more processors have.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// What it works with.
    public let level: Level

    /// - Parameter level: the highest level to use; the processor may have a lower one only.
    public init(atMost level: Level = .avx512) {
        self.level = min(level, .highest)
    }

    /// What a cipher takes: its workspace, and the schedules of three passes.
    static var mostLockedByteCountPerCipher: Int {
        Int(BITSLICED_DES_WORKSPACE_BYTES) + 3 * Int(BITSLICED_DES_SCHEDULE_WORDS) * MemoryLayout<UInt64>.stride
    }

    /// A cipher with the key's schedules and a workspace of its own.
    public func makeCipher(for key: borrowing SymmetricKey) throws(EngineError) -> any BlockCipher {
        guard key.algorithm.isTDES else { return try OpenSSLEngine().makeCipher(for: key) }
        return BitslicedCipher(key, level)
    }

    /// A cipher that gives each lane a key of its own.
    public func makeCheckValueCipher(for algorithm: KeyAlgorithm) throws(EngineError) -> any CheckValueCipher {
        guard algorithm.isTDES else { return try OpenSSLEngine().makeCheckValueCipher(for: algorithm) }
        return BitslicedCheckValueCipher(algorithm, level)
    }
}

/// What the kernels work in; it holds nothing between calls.
private struct Workspace {
    private let scratch = SecretScratch(byteCount: Int(BITSLICED_DES_WORKSPACE_BYTES))

    var start: UnsafeMutableRawPointer? { scratch.bytes.baseAddress }
}

/// One key, spread into the bits that each round takes.
private final class BitslicedCipher: BlockCipher {
    let blockByteCount = 8
    private let level: BitslicedEngine.Level
    private let workspace = Workspace()
    private let schedules: SecretScratch
    /// Where each of the three passes has its schedule, in words.
    private let passes: (Int, Int, Int)

    init(_ key: borrowing SymmetricKey, _ level: BitslicedEngine.Level) {
        let wordCount = Int(BITSLICED_DES_SCHEDULE_WORDS)
        let parts = key.algorithm.byteCount / 8
        let schedules = SecretScratch(byteCount: parts * wordCount * MemoryLayout<UInt64>.stride)
        let words = schedules.bytes.bindMemory(to: UInt64.self)
        key.bytes.withExposedBytes { bytes in
            guard let key = bytes.bindMemory(to: UInt8.self).baseAddress, let start = words.baseAddress else { return }
            for part in 0..<parts { bitsliced_des_make_schedule(key + 8 * part, start + part * wordCount) }
        }
        self.level = level
        self.schedules = schedules
        // A key of two parts begins and ends with the first one.
        passes = (0, wordCount, parts == 3 ? 2 * wordCount : 0)
    }

    func encrypt(_ column: UnsafeMutableRawBufferPointer) {
        precondition(column.count.isMultiple(of: 8))
        guard let words = schedules.bytes.bindMemory(to: UInt64.self).baseAddress else { return }
        bitsliced_des_encrypt(
            level.number, words + passes.0, words + passes.1, words + passes.2,
            column.bindMemory(to: UInt8.self).baseAddress, column.count / 8, workspace.start)
    }

    func decrypt(_ column: UnsafeMutableRawBufferPointer) {
        precondition(column.count.isMultiple(of: 8))
        guard let words = schedules.bytes.bindMemory(to: UInt64.self).baseAddress else { return }
        bitsliced_des_decrypt(
            level.number, words + passes.0, words + passes.1, words + passes.2,
            column.bindMemory(to: UInt8.self).baseAddress, column.count / 8, workspace.start)
    }
}

/// Each row under its own key.
private final class BitslicedCheckValueCipher: CheckValueCipher {
    private let level: BitslicedEngine.Level
    private let workspace = Workspace()
    private let parts: Int

    init(_ algorithm: KeyAlgorithm, _ level: BitslicedEngine.Level) {
        self.level = level
        parts = algorithm.byteCount / 8
    }

    func checkBlocks(
        _ method: CheckValueMethod, keys: UnsafeRawBufferPointer, stride: Int,
        into blocks: UnsafeMutableRawBufferPointer
    ) {
        let rows = blocks.count / 8
        guard rows > 0, let start = blocks.bindMemory(to: UInt8.self).baseAddress else { return }
        precondition(stride >= 0 && (rows - 1) * stride + parts * 8 <= keys.count)
        let key = keys.bindMemory(to: UInt8.self).baseAddress
        blocks.initializeMemory(as: UInt8.self, repeating: 0)
        bitsliced_des_encrypt_each(level.number, key, stride, Int32(parts), start, rows, workspace.start)
        guard method == .cmac else { return }
        // CMAC over one block of zeros: E(0 xor K1), with K1 = 2 E(0). NIST SP 800-38B, 6.1 and 6.2.
        for row in 0..<rows {
            CMACSubkeys.double(UnsafeMutableRawBufferPointer(rebasing: blocks[(row * 8)...].prefix(8)))
        }
        bitsliced_des_encrypt_each(level.number, key, stride, Int32(parts), start, rows, workspace.start)
    }
}
