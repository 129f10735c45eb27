import PaymentCrypto

/// What may lie behind a check value that is not the issued one: each of these has been seen at an injection line.
enum MismatchCause: Equatable, Sendable {
    /// The same key, its check value made in the other way.
    case otherMethod(CheckValueMethod)
    /// The key from which the device's own is derived.
    case baseKey(String)
    /// The key for another slot of the device.
    case otherSlot(String)
    /// The key of another device of the run.
    case otherDevice(String)
    /// So many devices of the run have it that it may be chance.
    case otherDevices(Int)

    /// What the report says.
    var reason: String {
        switch self {
        case .otherMethod(.cmac): "possibly the CMAC check value of the same key"
        case .otherMethod(.legacy): "possibly the legacy check value of the same key"
        case .baseKey(let name): "possibly that of the base derivation key \(name) itself"
        case .otherSlot(let slot): "possibly the key for \(slot.isEmpty ? "no slot" : "slot \(slot)") of this device"
        case .otherDevice(let device): "possibly the key of device \(device)"
        case .otherDevices(let count): "possibly the key of one of \(count) other devices"
        }
    }

    /// What people are told of how often it occurs.
    var name: String {
        switch self {
        case .otherMethod(.cmac): "possibly a CMAC check value in place of a legacy one"
        case .otherMethod(.legacy): "possibly a legacy check value in place of a CMAC one"
        case .baseKey: "possibly the check value of the base derivation key"
        case .otherSlot: "possibly the key for another slot of the device"
        case .otherDevice, .otherDevices: "possibly the key of another device"
        }
    }
}

/// A device whose check value came back as another one, with what is needed to look for the cause.
struct MismatchSuspect {
    /// Its number in the report, counted from 0.
    var device: Int
    var identifier: String
    var slot: String
    var serialNumber: InitialKeySerialNumber
    var returned: ReturnedCheckValue
    var method: CheckValueMethod?
    var baseKey: String

    /// More than this are not looked into; then the cause is the same for all of them, mostly.
    static let limit = 10_000

    init(_ row: ReportReader.Row, _ issue: ReportReader.Row.Issue, _ returned: ReturnedCheckValue, device: Int) {
        self.device = device
        identifier = String(decoding: row.identifier, as: UTF8.self)
        slot = String(decoding: row.slot, as: UTF8.self)
        serialNumber = issue.serialNumber
        self.returned = returned
        let name = String(decoding: row.method, as: UTF8.self)
        method = CheckValueMethod.allCases.first { $0.reportName == name }
        baseKey = String(decoding: row.baseKey, as: UTF8.self)
    }
}
