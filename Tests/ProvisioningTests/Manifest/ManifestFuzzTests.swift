import Testing

@testable import Provisioning

/// A generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// A record as either reader sees it.
struct SeenRecord: Equatable {
    var line: Int
    var fault: RecordFault?
    /// Only of records without a fault.
    var fields: [[UInt8]] = []
}

/// Manifests with random damage: nothing traps, and an independent reader sees the same records on the same lines.
struct ManifestFuzzTests {
    private static let pieces: [[UInt8]] = [
        [0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], [0x22, 0x22], [0x22, 0x2C, 0x22], [0x22, 0x0A], [0], [0xC3],
        [0x20], [0x09], Array("{n}".utf8), Array("FFFF9876540000200000".utf8), [0xEF, 0xBB, 0xBF], Array("-1".utf8),
    ]

    private static func damaged(_ generator: inout SplitMix) -> [UInt8] {
        var text = "device_id,ksn,quantity,note\n"
        for number in 1...Int.random(in: 1...12, using: &generator) {
            let isRange = number.isMultiple(of: 4)
            text += isRange ? "T\(number)-{n:03}" : "T\(number)"
            text += ",\(ManifestFixture.ksn(UInt64(number * 50)))," + (isRange ? "7" : "")
            text += number.isMultiple(of: 3) ? ",\"a\n\"\"b\"\"\"\r\n" : ",n\n"
        }
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            default: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
            }
            if bytes.isEmpty { return [0x0A] }
        }
        return bytes
    }

    @Test(arguments: 1...8)
    func agreesWithAnIndependentReader(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        for _ in 0..<250 {
            var manifest = ManifestFixture(bytes: Self.damaged(&generator))
            manifest.limits.recordByteCount = Int.random(in: 30...90, using: &generator)
            manifest.limits.blockByteCount = Int.random(in: 1...100, using: &generator)
            let expected = ReferenceReader.records(manifest.bytes, limit: manifest.limits.recordByteCount)
            let capacity = Int.random(in: 1...9, using: &generator)
            let text = String(decoding: manifest.bytes, as: UTF8.self).debugDescription
            // Plain lines split by themselves, and all of them through libcsv.
            for splitsPlainLines in [true, false] {
                let seen = try records(of: manifest, capacity: capacity, splitsPlainLines: splitsPlainLines)
                #expect(seen == expected, "\(text), plain lines split: \(splitsPlainLines)")
            }
        }
    }

    @Test(arguments: 1...4)
    func givesTheSameForEveryChunkSize(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed &* 1000)
        for _ in 0..<100 {
            let manifest = ManifestFixture(bytes: Self.damaged(&generator))
            let whole = try manifest.provision()
            let result = try manifest.check()
            #expect(whole.filter { $0.status == .accepted }.count == result.acceptedDeviceCount)
            #expect(whole.filter { $0.status == .rejected }.count == result.rejectedRowCount)
            #expect(result.diagnostics.kept.compactMap(\.line) == result.diagnostics.kept.compactMap(\.line).sorted())
            for capacity in [1, 3] {
                #expect(try manifest.provision(capacity: capacity) == whole)
                #expect(try manifest.check(capacity: capacity).diagnostics == result.diagnostics)
            }
        }
    }

    /// The records behind the header row, read without any knowledge of columns.
    private func records(
        of manifest: ManifestFixture, capacity: Int, splitsPlainLines: Bool
    ) throws -> [SeenRecord] {
        try manifest.withSource { source in
            let reader = try ManifestReader(
                descriptor: source.descriptor, limits: manifest.limits, splitsPlainLines: splitsPlainLines)
            let chunk = ManifestChunk(capacity: capacity, limits: manifest.limits)
            var seen: [SeenRecord] = []
            // Without readHeader the header row is a record like any other, and no quantity is expanded.
            while try reader.fill(chunk) {
                seen += (0..<chunk.rowCount).map { row in
                    let record = chunk.rows[row]
                    let fields = (0..<record.fieldCount).map { Array(chunk.field($0, ofRow: row)) }
                    return SeenRecord(
                        line: record.line, fault: record.fault, fields: record.fault == nil ? fields : [])
                }
            }
            return seen
        }
    }
}
