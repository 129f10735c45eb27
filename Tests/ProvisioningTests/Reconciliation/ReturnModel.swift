/// What a reconciliation has to come to, by the words of the rules alone: every row of a device is kept and looked at.
struct ReturnModel {
    struct Row {
        var device = ""
        var slot = ""
        var checkValue = ""
        var serialNumber = ""
        var status = ""

        var csv: String { "\(device),\(slot),\(checkValue),\(serialNumber),\(status)" }
        var isSuccess: Bool { ["", "ok", "success", "loaded", "injected", "confirmed"].contains(status.lowercased()) }
        var key: String { "\(device.lowercased())+\(slot.lowercased())" }
    }

    struct Device {
        var device: String
        var slot: String
        var serialNumber: String
        /// Empty where the run has refused it.
        var checkValue: String
        var key: String { "\(device.lowercased())+\(slot.lowercased())" }
        var isRejected: Bool { checkValue.isEmpty }
    }

    let devices: [Device]
    private var rows: [String: [Row]] = [:]

    init(_ devices: [Device]) { self.devices = devices }

    private(set) var unexpected = 0

    /// Adds a return; what is unexpected is counted for this one only.
    mutating func add(_ returned: [Row]) {
        let issued = Set(devices.filter { !$0.isRejected }.map(\.key))
        unexpected = returned.count { !issued.contains($0.key) }
        for row in returned { rows[row.key, default: []].append(row) }
    }

    func result(_ device: Device) -> String {
        if device.isRejected { return "rejected" }
        let all = rows[device.key] ?? []
        let successes = all.filter(\.isSuccess)
        if disagree(successes) { return "mismatch" }
        guard let last = all.last else { return "missing" }
        if !last.isSuccess { return "failed" }
        let isSame = successes.allSatisfy { Self.agree($0.checkValue, device.checkValue) }
        let numbers = successes.map(\.serialNumber).filter { !$0.isEmpty }
        return isSame && numbers.allSatisfy { Self.initial($0) == device.serialNumber } ? "confirmed" : "mismatch"
    }

    var duplicate: Int { devices.count { !$0.isRejected && (rows[$0.key] ?? []).count > 1 } }

    private func disagree(_ rows: [Row]) -> Bool {
        for (index, row) in rows.enumerated() {
            for other in rows[..<index] {
                let (value, otherValue) = (Self.comparable(row.checkValue), Self.comparable(other.checkValue))
                if value == nil || otherValue == nil {
                    // Text that is none is like other text that is none, and digits that are too few only like themselves.
                    if Self.odd(row.checkValue) != Self.odd(other.checkValue) { return true }
                } else if !Self.agree(row.checkValue, other.checkValue) {
                    return true
                }
                guard !row.serialNumber.isEmpty, !other.serialNumber.isEmpty else { continue }
                if Self.initial(row.serialNumber) != Self.initial(other.serialNumber) { return true }
            }
        }
        return false
    }

    private static func agree(_ left: String, _ right: String) -> Bool {
        guard let left = comparable(left), let right = comparable(right) else { return false }
        return left.hasPrefix(right) || right.hasPrefix(left)
    }

    private static func comparable(_ text: String) -> String? {
        let isDigits = text.allSatisfy(\.isHexDigit)
        return isDigits && (4...16).contains(text.count) ? String(text.uppercased().prefix(10)) : nil
    }

    private static func odd(_ text: String) -> String {
        text.allSatisfy(\.isHexDigit) && text.count <= 16 ? text.uppercased() : "?"
    }

    /// Of a TDES number: the last 21 bits are the counter; `?` for what is none.
    private static func initial(_ text: String) -> String {
        let text = text.count == 16 ? "FFFF" + text : text
        guard text.count == 20, text.allSatisfy(\.isHexDigit), let head = UInt64(text.prefix(16), radix: 16) else {
            return "?"
        }
        let digits = String(head & ~0x1F, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - digits.count) + digits + "0000"
    }
}
