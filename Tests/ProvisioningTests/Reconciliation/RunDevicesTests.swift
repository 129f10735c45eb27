import PaymentCrypto
import Testing

@testable import Provisioning

struct RunDevicesTests {
    private func with<R>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        var text = text
        return text.withUTF8(body)
    }

    private func append(_ device: String, slot: String = "", isRejected: Bool = false, to devices: RunDevices) -> Bool {
        with(device) { identifier in
            with(slot) { slot in
                var row = ReportReader.Row(
                    line: 1, identifier: identifier, model: slot, slot: slot, serialNumberText: slot,
                    checkValueText: slot, method: slot, baseKey: slot, issue: nil, reason: slot)
                if !isRejected {
                    row.issue = .init(
                        serialNumber: InitialKeySerialNumber(family: .aes, leading: 1),
                        checkValue: ReturnedCheckValue("AF8C07"))
                }
                return devices.append(row)
            }
        }
    }

    private func find(_ device: String, slot: String = "", in devices: RunDevices) -> Int? {
        with(device) { identifier in with(slot) { devices.find(identifier, slot: $0) } }
    }

    @Test func `Every device is found in any order, and no other one`() throws {
        let devices = try RunDevices(capacity: 5_000)
        for number in 0..<5_000 { #expect(append("T-\(number)", slot: "s\(number % 3)", to: devices)) }
        #expect(!append("T-5000", to: devices))
        var random = SplitMix(state: 1)
        for number in (0..<5_000).shuffled(using: &random) {
            #expect(find("t-\(number)", slot: "S\(number % 3)", in: devices) == number)
            #expect(find("T-\(number)", slot: "s\((number + 1) % 3)", in: devices) == nil)
        }
        #expect(find("T-5000", in: devices) == nil)
        #expect(find("", in: devices) == nil)
        #expect(find(String(repeating: "x", count: 4_000), in: devices) == nil)
        #expect(find("T-1", slot: "123456789", in: devices) == nil)
    }

    @Test func `Only refused rows may have one name`() throws {
        let devices = try RunDevices(capacity: 9)
        #expect(append("T-1", isRejected: true, to: devices))
        #expect(append("T-1", isRejected: true, to: devices))
        #expect(append("", isRejected: true, to: devices))
        #expect(append(String(repeating: "x", count: 4_000), isRejected: true, to: devices))
        #expect(append("T-2", to: devices))
        #expect(!append("t-2", to: devices))
    }

    @Test func `A device keeps what is said of it`() throws {
        let devices = try RunDevices(capacity: 2)
        #expect(append("T-1", to: devices) && append("T-2", to: devices))
        var state = ReturnState()
        (state.phase, state.disagrees, state.isRepeated, state.words) = (.failedAfterSuccess, true, true, 15)
        (state.checkValue, state.serialNumber) = (ReturnedCheckValue("FEDCBA9876"), .given(UInt64.max))
        devices[1] = state
        #expect(devices[1] == state && devices[0] == ReturnState())
        state.serialNumber = .unreadable
        state.checkValue = ReturnedCheckValue("?")
        devices[0] = state
        #expect(devices[0] == state && devices.family(0) == .aes && !devices.isRejected(0))
        devices.removeReturns()
        #expect(devices[0] == ReturnState() && devices.family(0) == .aes)
    }
}
