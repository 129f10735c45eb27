import FoundationEssentials
import PaymentCrypto
import Testing

@testable import Facility

extension RunIndexEntry {
    fileprivate var name: String { "\(device)+\(slot) \(number) \(baseKey) \(kcv)" }
}

/// A run's index: written in any order, found by device.
@Suite struct RunIndexTests {
    private struct Device: Hashable {
        var device: String
        var slot: String
        var leading: UInt64
        var baseKey: Int
        var checkValue: CheckValue
    }

    let fixture: LedgerFixture
    let run: RunIdentifier
    private let keys: [RunIndexBaseKey]
    private let values: [CheckValue]

    init() throws {
        fixture = try LedgerFixture()
        run = try #require(RunIdentifier("run-1"))
        keys = [
            .init(fingerprint: try LedgerFixture.key(0), family: .tdes),
            .init(fingerprint: try LedgerFixture.key(1), family: .aes),
        ]
        let tdes = try SymmetricKey.test("0123456789ABCDEFFEDCBA9876543210", .tdes2Key).checkValue()
        let aes = try SymmetricKey.test("00112233445566778899AABBCCDDEEFF", .aes128).checkValue()
        values = [tdes, tdes.prefix(2), aes, aes.prefix(3)]
    }

    private func write(_ devices: [Device], batchLimit: Int = 100) throws -> RunIndexSeal {
        let writer = try RunIndexWriter(run, baseKeys: keys, in: fixture.site, batchLimit: batchLimit)
        for device in devices { try append(device, to: writer) }
        return try writer.finish()
    }

    private func append(_ device: Device, to writer: RunIndexWriter) throws {
        try Array(device.device.utf8).withUnsafeBufferPointer { name in
            try Array(device.slot.utf8).withUnsafeBufferPointer { slot in
                try writer.append(
                    device: name, slot: slot, leading: device.leading, baseKey: device.baseKey,
                    checkValue: device.checkValue)
            }
        }
    }

    private func entry(_ device: Device) -> RunIndexEntry {
        let key = keys[device.baseKey]
        return RunIndexEntry(
            device: device.device, slot: device.slot,
            number: InitialKeySerialNumber(family: key.family, leading: device.leading), baseKey: key.fingerprint,
            kcv: device.checkValue.description)
    }

    private func open(_ seal: RunIndexSeal) throws -> RunIndex {
        try RunIndex(run, sealedBy: seal, in: fixture.site)
    }

    /// Names that begin alike, differ in length and case, and come in rows; some devices have several slots.
    private func devices(_ count: Int, _ chance: inout Chance) -> [Device] {
        let prefix = ["", "T", "terminal-of-some-length-", "DEV.0000"].randomElement(using: &chance) ?? ""
        var found: [String: Device] = [:]
        for number in 0..<count {
            let name = prefix + String(UInt32.random(in: 0..<UInt32(4 * count), using: &chance), radix: 36)
            let device = Bool.random(using: &chance) ? name.uppercased() : name
            let slot = ["", "", "PIN", "data", "1"].randomElement(using: &chance) ?? ""
            found["\(device)+\(slot)".lowercased()] = Device(
                device: device, slot: slot, leading: Bool.random(using: &chance) ? chance.next() : UInt64(number) << 5,
                baseKey: Int.random(in: 0...1, using: &chance),
                checkValue: values.randomElement(using: &chance) ?? values[0])
        }
        return found.values.sorted { $0.device + $0.slot < $1.device + $1.slot }.shuffled(using: &chance)
    }

    private func sorted(_ devices: [Device]) -> [Device] {
        devices.sorted {
            ($0.device.lowercased(), $0.slot.lowercased()) < ($1.device.lowercased(), $1.slot.lowercased())
        }
    }

    @Test(arguments: [0, 1, 2, 99, 100, 101, 5000], [7, 100, 100_000])
    func everyDeviceIsFound(count: Int, batchLimit: Int) throws {
        var chance = Chance(seed: UInt64(count * 7 + batchLimit))
        let devices = devices(count, &chance)
        let index = try open(try write(devices, batchLimit: batchLimit))
        #expect(index.count == devices.count)
        var all: [RunIndexEntry] = []
        try index.forEach { all.append($0) }
        // Piece by piece in order; one piece altogether where that is large enough.
        #expect(batchLimit < count || all == sorted(devices).map(entry))
        #expect(all.count == devices.count && Set(all.map(\.name)) == Set(devices.map { entry($0).name }))
        for device in devices.prefix(300) {
            let expected = sorted(devices.filter { $0.device.lowercased() == device.device.lowercased() }).map(entry)
            #expect(try index.entries(ofDevice: device.device) == expected)
            #expect(try index.entries(ofDevice: device.device.lowercased()) == expected)
        }
        for stranger in ["", "zzzzzzzzzzzz", "-", "terminal", String(repeating: "x", count: 200)] {
            #expect(try index.entries(ofDevice: stranger).isEmpty)
        }
    }

    @Test func slotsThatFillSeveralBlocksAreAllFound() throws {
        let slots = (0..<4000).map {
            Device(
                device: "D", slot: String($0, radix: 36), leading: UInt64($0) << 5, baseKey: 0, checkValue: values[0])
        }
        let others = ["C", "E"].map { Device(device: $0, slot: "", leading: 0, baseKey: 0, checkValue: values[0]) }
        let index = try open(try write(slots + others))
        #expect(try index.entries(ofDevice: "d") == sorted(slots).map(entry))
        #expect(try index.entries(ofDevice: "C").count == 1)
        #expect(try index.entries(ofDevice: "E").count == 1)
    }

    /// What comes in order is one segment, however many pieces it came in.
    @Test func theOrderOfComingChangesNothingWithinAPiece() throws {
        var chance = Chance(seed: 3)
        let devices = devices(2000, &chance)
        let seal = try write(devices, batchLimit: 2000)
        let bytes = try fixture.test.read("runs/run-1.index")
        #expect(try write(sorted(devices), batchLimit: 2000) == seal)
        #expect(try fixture.test.read("runs/run-1.index") == bytes)
        #expect(try write(sorted(devices), batchLimit: 100) == seal)
        #expect(try write(devices, batchLimit: 100) != seal)
    }

    /// Whoever asks in any order is answered rightly, although each segment has its own order.
    @Test func numbersAreFoundInEverySegment() throws {
        var chance = Chance(seed: 4)
        let devices = devices(1000, &chance)
        let index = try open(try write(devices, batchLimit: 30))
        for device in devices.shuffled(using: &chance).prefix(200) {
            let (number, key) = (entry(device).number, entry(device).baseKey)
            #expect(try index.has(number, under: key, device: device.device.lowercased()))
            #expect(try !index.has(number, under: key, device: device.device + "x"))
            #expect(try !index.has(LedgerFixture.number(1 << 40), under: key, device: device.device))
        }
    }

    /// Neighbours cost the digits in which they differ and their check value.
    @Test func neighboursTakeFewBytes() throws {
        let digits = (0..<20_000).map { String($0 + 1_000_000) }
        let devices = digits.indices.map {
            Device(
                device: "TERMINAL-\(digits[$0])", slot: "", leading: UInt64($0) << 5, baseKey: 0, checkValue: values[0])
        }
        _ = try write(devices)
        #expect(try fixture.test.read("runs/run-1.index").count < 20_000 * 11)
    }

    @Test(arguments: 0..<3)
    func damageIsFound(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let devices = devices(1500, &chance)
        let seal = try write(devices)
        let file = "runs/run-1.index"
        let whole = try fixture.test.read(file)
        for _ in 0..<60 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &chance)] ^= UInt8.random(in: 1...255, using: &chance)
            try fixture.test.write(bytes, to: file)
            #expect(throws: FacilityError.self) { try open(seal).forEach { _ in } }
            for device in devices.prefix(5) {
                // A block that is not damaged still answers; a damaged one never answers wrongly.
                guard let found = try? open(seal).entries(ofDevice: device.device) else { continue }
                #expect(found.contains(entry(device)))
            }
        }
        for count in [0, 1, 39, 40, whole.count / 2, whole.count - 1] {
            try fixture.test.write(Array(whole.prefix(count)), to: file)
            #expect(throws: FacilityError.self) { try open(seal) }
        }
        try fixture.test.write(whole, to: file)
        try open(seal).forEach { _ in }
        let other = RunIndexSeal(devices: seal.devices + 1, sha256: seal.sha256)
        #expect(throws: FacilityError.self) { try open(other) }
    }

    @Test func anotherRunsIndexIsRefused() throws {
        let seal = try write([])
        let other = try #require(RunIdentifier("run-2"))
        try FileManager.default.copyItem(
            atPath: "\(fixture.test.path)/runs/run-1.index", toPath: "\(fixture.test.path)/runs/run-2.index")
        #expect(throws: FacilityError.self) { try RunIndex(other, sealedBy: seal, in: fixture.site) }
        #expect(throws: FacilityError.self) {
            try RunIndex(try #require(RunIdentifier("none")), sealedBy: seal, in: fixture.site)
        }
    }

    @Test func aWriterThatIsDroppedLeavesNothing() throws {
        var chance = Chance(seed: 5)
        do {
            let writer = try RunIndexWriter(run, baseKeys: keys, in: fixture.site, batchLimit: 10)
            for device in devices(100, &chance) { try append(device, to: writer) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.test.path)/runs").isEmpty)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let writer = try RunIndexWriter(run, baseKeys: keys, in: fixture.site)
        let good = Device(device: "D", slot: "", leading: 0, baseKey: 0, checkValue: values[0])
        for change: (inout Device) -> Void in [
            { $0.device = "" }, { $0.device = String(repeating: "x", count: 65) }, { $0.slot = "123456789" },
            { $0.baseKey = 2 }, { $0.baseKey = -1 },
        ] {
            var device = good
            change(&device)
            #expect(throws: FacilityError.self) { try append(device, to: writer) }
        }
    }

    @Test func aDevicesStoryRunsOverAllRuns() throws {
        let ledger = try fixture.open()
        for (number, name) in ["first", "second", "third"].enumerated() {
            let identifier = try #require(RunIdentifier(name))
            let claim = try LedgerFixture.claim([UInt64(number)])
            _ = try ledger.reserve(try LedgerFixture.start(name), [claim])
            let writer = try RunIndexWriter(identifier, baseKeys: keys, in: fixture.site)
            let device = Device(
                device: number == 1 ? "other" : "Dev-1", slot: "", leading: UInt64(number) << 5, baseKey: 0,
                checkValue: values[0])
            try append(device, to: writer)
            var completion = LedgerFixture.completion
            completion.index = try writer.finish()
            try ledger.issue(identifier, completion)
        }
        let history = try ledger.history(ofDevice: "dev-1", in: fixture.site)
        #expect(history.chapters.map(\.run.identifier.description) == ["first", "third"])
        #expect(history.chapters.map(\.entry.number.place) == [0, 2])
        #expect(history.damaged.isEmpty)

        let runs = try ledger.runs().map(\.identifier)
        let check = try ReissueCheck(runs, ledger, in: fixture.site)
        let key = try LedgerFixture.key()
        #expect(try check.permits(LedgerFixture.number(2), under: key, device: "DEV-1"))
        #expect(try !check.permits(LedgerFixture.number(1), under: key, device: "Dev-1"))
        #expect(try !check.permits(LedgerFixture.number(2), under: try LedgerFixture.key(1), device: "Dev-1"))

        try fixture.test.write([], to: "runs/second.index")
        let rest = try ledger.history(ofDevice: "dev-1", in: fixture.site)
        #expect(rest.chapters.count == 2)
        #expect(rest.damaged.map(\.run.description) == ["second"])
        // What was retired is not issued again.
        try ledger.void("third")
        let strict = try ReissueCheck(Array(runs.prefix(1)) + Array(runs.suffix(1)), ledger, in: fixture.site)
        #expect(try !strict.permits(LedgerFixture.number(2), under: key, device: "dev-1"))
    }
}
