import Testing

@_spi(Engine) @testable import PaymentCrypto

/// Every level of the fast engine against OpenSSL.
@Suite("Fast TDES engine")
struct BitslicedEngineTests {
    static let levels = BitslicedEngine.Level.available
    static let algorithms: [KeyAlgorithm] = [.tdes2Key, .tdes3Key]

    @Test("a million random blocks under fifty random keys", arguments: levels)
    func manyBlocks(level: BitslicedEngine.Level) throws {
        var generator = SeededGenerator(seed: 61)
        for number in 0..<50 {
            let key = SymmetricKey.seeded(Self.algorithms[number % 2], generator.next())
            try expectSameColumn(key, level, blocks: .random(byteCount: 20_000 * 8, using: &generator))
        }
    }

    @Test("a million random keys, a block each", arguments: levels)
    func manyKeys(level: BitslicedEngine.Level) throws {
        var generator = SeededGenerator(seed: 62)
        for number in 0..<50 {
            let algorithm = Self.algorithms[number % 2]
            let keys = [UInt8].random(byteCount: 20_000 * algorithm.byteCount, using: &generator)
            try expectSameCheckValues(algorithm, .legacy, level, keys: keys, stride: algorithm.byteCount)
        }
    }

    @Test("chunks of every length, and one more", arguments: levels)
    func everyLength(level: BitslicedEngine.Level) throws {
        var generator = SeededGenerator(seed: 63)
        for algorithm in Self.algorithms {
            let key = SymmetricKey.seeded(algorithm, 64)
            let bytes = [UInt8].random(byteCount: 513 * 24, using: &generator)
            for count in 0...513 {
                try expectSameColumn(key, level, blocks: Array(bytes.prefix(count * 8)))
                try expectSameCheckValues(
                    algorithm, .legacy, level, keys: Array(bytes.prefix(count * algorithm.byteCount)),
                    stride: algorithm.byteCount)
            }
        }
    }

    @Test("CMAC check values", arguments: levels)
    func messageAuthenticationCheckValues(level: BitslicedEngine.Level) throws {
        var generator = SeededGenerator(seed: 65)
        for algorithm in Self.algorithms {
            let keys = [UInt8].random(byteCount: 1_000 * algorithm.byteCount, using: &generator)
            try expectSameCheckValues(algorithm, .cmac, level, keys: keys, stride: algorithm.byteCount)
        }
    }

    @Test("keys apart from each other, one within the other, and the same one for all", arguments: levels)
    func strides(level: BitslicedEngine.Level) throws {
        var generator = SeededGenerator(seed: 66)
        let keys = [UInt8].random(byteCount: 700 * 40, using: &generator)
        for algorithm in Self.algorithms {
            for stride in [0, 1, 8, 17, 40] {
                let used = Array(keys.prefix(650 * stride + algorithm.byteCount))
                try expectSameCheckValues(algorithm, .legacy, level, keys: used, stride: stride, rows: 651)
            }
        }
    }

    @Test("a column may begin at any byte, and what lies around it stays", arguments: levels)
    func neighbours(level: BitslicedEngine.Level) throws {
        let key = SymmetricKey.seeded(.tdes2Key, 67)
        let cipher = try BitslicedEngine(atMost: level).makeCipher(for: key)
        let reference = try OpenSSLEngine().makeCipher(for: key)
        var generator = SeededGenerator(seed: 68)
        let bytes = [UInt8].random(byteCount: 600 * 8, using: &generator)
        for (start, count) in [(1, 1), (3, 64), (5, 65), (7, 300), (9, 513), (63, 530)] {
            var (found, expected) = (bytes, bytes)
            try found.withUnsafeMutableBytes { try cipher.encrypt(.init(rebasing: $0[start..<start + count * 8])) }
            try expected.withUnsafeMutableBytes {
                try reference.encrypt(.init(rebasing: $0[start..<start + count * 8]))
            }
            #expect(found == expected)
        }
    }

    @Test("ciphers that share a key, or take turns, do not disturb each other", arguments: levels)
    func severalCiphers(level: BitslicedEngine.Level) throws {
        let engine = BitslicedEngine(atMost: level)
        let key = SymmetricKey.seeded(.tdes2Key, 69)
        let first = try engine.makeCipher(for: key)
        let second = try engine.makeCipher(for: key)
        let other = try engine.makeCipher(for: SymmetricKey.seeded(.tdes3Key, 70))
        var generator = SeededGenerator(seed: 71)
        let clear = [UInt8].random(byteCount: 100 * 8, using: &generator)
        var bytes = clear
        try bytes.withUnsafeMutableBytes { column in
            try first.encrypt(column)
            try other.encrypt(column)
            try other.decrypt(column)
            try second.decrypt(column)
        }
        #expect(bytes == clear)
    }

    @Test("parity bits do not count", arguments: levels)
    func parity(level: BitslicedEngine.Level) throws {
        let engine = BitslicedEngine(atMost: level)
        let even = try SymmetricKey.test(String(repeating: "02", count: 16), isTDES: true)
        let odd = try SymmetricKey.test(String(repeating: "03", count: 16), isTDES: true)
        var columns = [[UInt8]](repeating: Array(0..<80), count: 2)
        try columns[0].withUnsafeMutableBytes { try engine.makeCipher(for: even).encrypt($0) }
        try columns[1].withUnsafeMutableBytes { try engine.makeCipher(for: odd).encrypt($0) }
        #expect(columns[0] == columns[1])
    }

    @Test("AES goes to OpenSSL")
    func otherAlgorithms() throws {
        let key = SymmetricKey.seeded(.aes192, 72)
        let cipher = try BitslicedEngine().makeCipher(for: key)
        #expect(cipher.blockByteCount == 16)
        try expectSameColumn(key, .plain, blocks: Array(repeating: 7, count: 160))
        try expectSameCheckValues(.aes192, .cmac, .plain, keys: Array(0..<240), stride: 24)
    }

    @Test("a level that the processor does not have is never used")
    func unavailableLevels() {
        for level in BitslicedEngine.Level.allCases {
            #expect(BitslicedEngine(atMost: level).level == min(level, .highest))
        }
    }

    private func expectSameColumn(
        _ key: borrowing SymmetricKey, _ level: BitslicedEngine.Level, blocks: [UInt8]
    ) throws {
        let cipher = try BitslicedEngine(atMost: level).makeCipher(for: key)
        let reference = try OpenSSLEngine().makeCipher(for: key)
        var (found, expected) = (blocks, blocks)
        try found.withUnsafeMutableBytes { try cipher.encrypt($0) }
        try expected.withUnsafeMutableBytes { try reference.encrypt($0) }
        #expect(found == expected, "\(blocks.count / 8) blocks")
        try found.withUnsafeMutableBytes { try cipher.decrypt($0) }
        #expect(found == blocks, "\(blocks.count / 8) blocks")
    }

    private func expectSameCheckValues(
        _ algorithm: KeyAlgorithm, _ method: CheckValueMethod, _ level: BitslicedEngine.Level, keys: [UInt8],
        stride: Int, rows: Int? = nil
    ) throws {
        let rows = rows ?? keys.count / stride
        let engines: [any CipherEngine] = [BitslicedEngine(atMost: level), OpenSSLEngine()]
        let blocks = try engines.map { engine in
            var blocks = [UInt8](repeating: 0xA5, count: rows * algorithm.blockByteCount)
            try blocks.withUnsafeMutableBytes { blocks in
                try keys.withUnsafeBytes { keys in
                    try engine.makeCheckValueCipher(for: algorithm)
                        .checkBlocks(method, keys: keys, stride: stride, into: blocks)
                }
            }
            return blocks
        }
        #expect(blocks[0] == blocks[1], "\(rows) keys of \(stride) bytes")
    }
}

extension [UInt8] {
    fileprivate static func random(byteCount: Int, using generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + 8)
        while bytes.count < byteCount {
            Swift.withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(byteCount))
    }
}
