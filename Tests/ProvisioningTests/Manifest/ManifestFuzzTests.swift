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

    /// Bytes that mean nothing but what the grammar makes of them: mostly lines without a quote, some without end.
    private static func noise(_ generator: inout SplitMix) -> [UInt8] {
        let common: [UInt8] = [0x2C, 0x2C, 0x0A, 0x0A, 0x0D, 0x20, 0x09, 0x00, 0x2B, 0x2D, 0x7F, 0x80, 0xC3, 0xFF]
        // In every other file a quote, so that whole files are plain and others change from one way to the other.
        let quotes = Bool.random(using: &generator) ? 0 : Int.random(in: 1...4, using: &generator)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            switch Int.random(in: 0..<16, using: &generator) {
            case 0: bytes += [0x0D, 0x0A]
            case 1: bytes += Int.random(in: 0..<4, using: &generator) < quotes ? [0x22] : [0x2C]
            case 2: bytes += Int.random(in: 0..<4, using: &generator) < quotes ? [0x22, 0x2C, 0x22] : [0x0A]
            case 3: bytes += pieces.suffix(4).randomElement(using: &generator) ?? []
            case 4: bytes += [UInt8](repeating: 0x78, count: Int.random(in: 1...70, using: &generator))
            case 5: bytes.append(UInt8.random(in: .min ... .max, using: &generator))
            case 6...9: bytes.append(UInt8.random(in: 0x30...0x7A, using: &generator))
            default: bytes.append(common.randomElement(using: &generator) ?? 0)
            }
        }
        let begin: [UInt8] = Int.random(in: 0..<8, using: &generator) == 0 ? [0xEF, 0xBB, 0xBF] : []
        return begin + bytes
    }

    /// libcsv, and the quick splitter that takes lines without a quote out of its hands: the same rows, faults and lines.
    @Test(arguments: 1...16)
    func bothWaysGiveTheSameRows(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed &* 7919)
        for turn in 0..<250 {
            var manifest = ManifestFixture(bytes: Self.noise(&generator))
            manifest.limits.recordByteCount = Int.random(in: 1...80, using: &generator)
            manifest.limits.blockByteCount = Int.random(in: 1...120, using: &generator)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                manifest.limits.lineCount = Int.random(in: 1...12, using: &generator)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                manifest.limits.deviceCount = Int.random(in: 1...12, using: &generator)
            }
            let capacity = Int.random(in: 1...9, using: &generator)
            let quick = try records(of: manifest, capacity: capacity, splitsPlainLines: true)
            let slow = try records(of: manifest, capacity: capacity, splitsPlainLines: false)
            #expect(quick == slow, "seed \(seed), turn \(turn), \(manifest.limits), \(manifest.bytes)")
        }
    }

    /// The same with a header row and the devices of quantity rows, which go on from one chunk to the next.
    @Test(arguments: 1...8)
    func bothWaysGiveTheSameDevices(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed &* 104_729)
        for turn in 0..<150 {
            var manifest = ManifestFixture(bytes: Self.damaged(&generator))
            manifest.limits.blockByteCount = Int.random(in: 1...200, using: &generator)
            manifest.limits.deviceCount = Int.random(in: 5...40, using: &generator)
            let capacity = Int.random(in: 1...9, using: &generator)
            let quick = try devices(of: manifest, capacity: capacity, splitsPlainLines: true)
            let slow = try devices(of: manifest, capacity: capacity, splitsPlainLines: false)
            #expect(quick == slow, "seed \(seed), turn \(turn), \(manifest.limits), \(manifest.bytes)")
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

    /// Each device's line, number and fields, behind the header row and in the manifest's own chunks.
    private func devices(of manifest: ManifestFixture, capacity: Int, splitsPlainLines: Bool) throws -> [[String]] {
        try manifest.withSource { source in
            let reader = try ManifestReader(
                descriptor: source.descriptor, limits: manifest.limits, splitsPlainLines: splitsPlainLines)
            _ = try reader.readHeader()
            let chunk = ManifestChunk(capacity: capacity, limits: manifest.limits)
            var seen: [[String]] = []
            while try reader.fill(chunk) {
                seen += (0..<chunk.deviceCount).map { device in
                    let (row, ordinal) = (Int(chunk.devices[device].row), chunk.devices[device].ordinal)
                    let record = chunk.rows[row]
                    let fields = (0..<record.fieldCount).map { "\(Array(chunk.field($0, ofRow: row)))" }
                    return ["\(chunk.index) \(record.line) \(ordinal) \(String(describing: record.fault))"]
                        + (record.fault == nil ? fields : [])
                }
            }
            return seen + [["\(reader.lineCount) \(try reader.digest())"]]
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
