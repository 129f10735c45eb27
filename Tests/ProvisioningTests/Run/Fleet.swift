import PaymentCrypto

/// A manifest with everything in it, and what must come out of it, written down apart from the code that makes it.
struct Fleet {
    struct Device {
        var line: Int
        var name: String
        var model = ""
        var slot = ""
        var ksn: String
        var bdk = "acme"
        var kbpk = "wrap"
        var label = ""
        var keyVersion = "00"
    }

    private(set) var text = "device_id,ksn,quantity,bdk,kbpk,model,label,slot,key_version,note\n"
    private(set) var devices: [Device] = []
    private var line = 1

    /// Rows of both ciphers in turn, with labels of every length, quantity rows and keys of their own.
    static let mixed: Fleet = {
        var fleet = Fleet()
        for row in 0..<46 {
            switch row % 5 {
            case 0: fleet.add(Device(line: 0, name: "T-\(row)", ksn: tdes(row)))
            case 1:
                fleet.add(
                    Device(
                        line: 0, name: "T-\(row)", model: "M,\"1\"", slot: "S\(row)", ksn: tdes(row), kbpk: "wrap-aes",
                        label: String(repeating: "l", count: row), keyVersion: "0\(row % 10)"))
            case 2:
                fleet.add(
                    Device(
                        line: 0, name: "A-\(row)", model: "A9", ksn: aes(row), bdk: "aes", kbpk: "wrap-aes",
                        label: String(repeating: "m", count: 64 - row)))
            case 3: fleet.add(Device(line: 0, name: "B-\(row)", ksn: aes(row), bdk: "aes-big", kbpk: "wrap-aes"))
            default: fleet.addQuantity(row, count: row % 7 + 1)
            }
        }
        return fleet
    }()

    private mutating func add(_ device: Device, quantity: String = "", cell: String? = nil) {
        line += 1
        let model = device.model.contains("\"") ? "\"M,\"\"1\"\"\"" : device.model
        text += [
            cell ?? device.name, device.ksn, quantity, device.bdk == "acme" ? "" : device.bdk,
            device.kbpk == "wrap" ? "" : device.kbpk, model, device.label, device.slot,
            device.keyVersion == "00" ? "" : device.keyVersion, "ignored",
        ].joined(separator: ",")
        // A blank line now and then: line numbers are those of the file.
        text += line.isMultiple(of: 9) ? "\r\n\n" : "\n"
        guard quantity.isEmpty else { return }
        devices.append(device)
        devices[devices.count - 1].line = line
        if line.isMultiple(of: 9) { line += 1 }
    }

    private mutating func addQuantity(_ row: Int, count: Int) {
        let first = Device(line: line + 1, name: "", ksn: Self.tdes(1000 * row))
        let label = String(repeating: "q", count: count)
        for number in 1...count {
            var device = first
            device.name = "Q\(row)-00\(number)"
            device.label = label
            device.ksn = Self.tdes(1000 * row + number - 1)
            devices.append(device)
        }
        var whole = first
        whole.label = label
        add(whole, quantity: String(count), cell: "Q\(row)-{n:03}")
        if line.isMultiple(of: 9) { line += 1 }
    }

    private static func tdes(_ number: Int) -> String {
        InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5400_0000).advanced(by: UInt64(number))?.description
            ?? ""
    }

    private static func aes(_ number: Int) -> String {
        InitialKeySerialNumber(family: .aes, leading: 0x1234_5678_0000_0000).advanced(by: UInt64(number))?.description
            ?? ""
    }
}
