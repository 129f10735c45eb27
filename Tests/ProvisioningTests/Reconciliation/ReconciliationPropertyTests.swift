import Testing

@testable import Provisioning

/// Random returns, one after the other, against the rules' own words.
struct ReconciliationPropertyTests {
    @Test(arguments: [1, 2, 3] as [UInt64], [true, false])
    func `The buckets partition the run, however many returns there are`(seed: UInt64, hasSlots: Bool) throws {
        var random = SplitMix(state: seed)
        let fixture = try ReconciliationFixture(Self.manifest(hasSlots: hasSlots))
        var model = ReturnModel(fixture.devices)
        try #require(model.devices.count { $0.isRejected } == 4)
        for _ in 0..<12 {
            let rows = (0..<Int.random(in: 1...25, using: &random)).map { _ in Self.row(of: model.devices, &random) }
            model.add(rows)
            let summary = try fixture.reconcile("device_id,slot,kcv,ksn,status\n" + rows.map { $0.csv + "\n" }.joined())
            let report = try fixture.report()
            check(summary, report, model)
        }
    }

    private func check(_ summary: ReconciliationSummary, _ report: [[String]], _ model: ReturnModel) {
        // Each device once, in the order of the manifest; then what the run does not have.
        let own = report.prefix(model.devices.count)
        #expect(own.map { "\($0[1].lowercased())+\($0[2].lowercased())" } == model.devices.map(\.key))
        #expect(own.map { $0[6] } == model.devices.map(model.result))
        #expect(report.dropFirst(model.devices.count).allSatisfy { $0[6] == "unexpected" })
        // The five sum to the manifest, by all that is counted.
        #expect(summary.buckets.total == model.devices.count)
        for result in ReconciliationResult.allCases where result != .unexpected {
            #expect(summary.buckets[result] == own.count { $0[6] == result.rawValue })
        }
        for groups in [summary.models + [rest(summary.otherModels)], summary.slots + [rest(summary.otherSlots)]] {
            #expect(groups.reduce(0) { $0 + $1.buckets.total } == model.devices.count)
        }
        #expect(summary.stretches.reduce(0) { $0 + $1.buckets.mismatch } == summary.buckets.mismatch)
        #expect(summary.unexpected == model.unexpected)
        #expect(summary.unexpected == report.count - model.devices.count)
        #expect(summary.duplicate == model.duplicate)
    }

    private func rest(_ buckets: ReconciliationBuckets) -> ReconciliationSummary.Group {
        .init(name: "", buckets: buckets)
    }

    private static func manifest(hasSlots: Bool) -> String {
        let rows = (0..<30).map { number in
            // Two serial numbers are none, and one is there twice.
            let digits = String(0x10_0000 + 0x20 * (number == 7 ? 8 : number), radix: 16, uppercase: true)
            let serialNumber = [3, 20].contains(number) ? "FFFF\(number)" : "FFFF98765\(digits)00000"
            let slot = hasSlots ? (number.isMultiple(of: 2) ? "pin" : "data") : ""
            return "T-\(number / (hasSlots ? 2 : 1)),\(serialNumber.prefix(20)),\(slot),M\(number % 3)\n"
        }
        return "device_id,ksn,slot,model\n" + rows.joined()
    }

    private static func row(of devices: [ReturnModel.Device], _ random: inout SplitMix) -> ReturnModel.Row {
        func pick(_ values: [String]) -> String { values.randomElement(using: &random) ?? "" }
        guard let device = devices.randomElement(using: &random) else { return .init() }
        let (value, number) = (device.checkValue, device.serialNumber)
        var row = ReturnModel.Row()
        row.device = pick([device.device, device.device.lowercased(), device.device, "X-1"])
        row.slot = pick([device.slot, device.slot.uppercased(), device.slot, device.slot])
        let other = devices.randomElement(using: &random)?.checkValue ?? ""
        row.checkValue = pick([
            value, value, value.lowercased(), String(value.prefix(4)), String(value.prefix(5)), value + "12",
            value + "12345678", other, "", "1A", "12345678901234567", "none",
        ])
        let used = number.count == 20 ? String(number.dropLast()) + "7" : number
        row.serialNumber = pick(["", "", number, used, String(used.dropFirst(4)), "FFFF9876500000000000", "junk"])
        row.status = pick(["", "OK", "Loaded", "ok", "injected", "error 7", "fail"])
        return row
    }
}
