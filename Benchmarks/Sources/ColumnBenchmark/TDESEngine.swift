import Foundation
@_spi(Engine) import PaymentCrypto

/// One engine for TDES, or one level of it, and how fast it is.
struct TDESEngine {
    let name: String
    private let engine: any CipherEngine

    /// OpenSSL, then every level of the fast engine that the processor has.
    static let all =
        [TDESEngine(name: "openssl", engine: OpenSSLEngine())]
        + BitslicedEngine.Level.available.map { TDESEngine(name: $0.name, engine: BitslicedEngine(atMost: $0)) }

    /// A second of each at most: by engine, and by what is measured.
    static func measureAll(rows: Int) throws -> [String: [String: Double]] {
        var result: [String: [String: Double]] = [:]
        for engine in all {
            result[engine.name] = [
                "blocks": try engine.blocksPerSecond(), "check_values": try engine.checkValuesPerSecond(),
                "columns": try engine.rowsPerSecond(rows),
            ]
        }
        return result
    }

    /// Blocks under one key of two parts, a column at a time.
    private func blocksPerSecond() throws -> Double {
        let cipher = try engine.makeCipher(for: SymmetricKey.random(.tdes2Key))
        var column = [UInt8](repeating: 0x5A, count: Self.chunk * 8)
        return try Self.perSecond(Self.chunk) { try column.withUnsafeMutableBytes { try cipher.encrypt($0) } }
    }

    /// Check values of keys of two parts, each of which is used once.
    private func checkValuesPerSecond() throws -> Double {
        let cipher = try engine.makeCheckValueCipher(for: .tdes2Key)
        let keys = (0..<Self.chunk * 16).map { UInt8(truncatingIfNeeded: $0 &* 37 + $0 >> 8) }
        var blocks = [UInt8](repeating: 0, count: Self.chunk * 8)
        return try Self.perSecond(Self.chunk) {
            try blocks.withUnsafeMutableBytes { blocks in
                try keys.withUnsafeBytes { try cipher.checkBlocks(.legacy, keys: $0, stride: 16, into: blocks) }
            }
        }
    }

    /// Devices: initial key, key block of version B, check value.
    func rowsPerSecond(_ rows: Int) throws -> Double {
        let columns = try Columns(.tdes, engine: engine)
        // Once before, to have everything in memory.
        var sum = try columns.provision(.tdes, devices: 0..<Self.chunk)
        let rate = try Self.perSecond(rows) { sum &+= try columns.provision(.tdes, devices: 0..<rows) }
        precondition(sum > 0)
        return rate
    }

    private static let chunk = 4_096

    /// Of processor time, so that other processes count less; the work is repeated for a fifth of a second.
    private static func perSecond(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
        let start = clock()
        var done = 0
        repeat {
            try work()
            done += count
        } while clock() - start < CLOCKS_PER_SEC / 5
        return Double(done) * Double(CLOCKS_PER_SEC) / Double(clock() - start)
    }
}
