/// The columns of a file that comes back from the injection line, by the names that its header row gives them.
public enum ReturnColumn: String, NamedColumn {
    /// Names the device.
    case deviceIdentifier = "device_id"
    /// Which of the device's keys it is.
    case slot
    /// The device's key serial number, with any counter.
    case keySerialNumber = "ksn"
    /// The check value that the device or the line has computed.
    case checkValue = "kcv"
    /// Whether the key was injected.
    case status

    /// Whether a return cannot do without it.
    public var isRequired: Bool { self == .deviceIdentifier || self == .checkValue }
}

/// The header row of a return: which column is where, and what is wrong with it.
struct ReturnHeader {
    /// Where each of our columns is, counted from 0; -1 where the return has no such column.
    struct Positions {
        var deviceIdentifier = -1
        var slot = -1
        var keySerialNumber = -1
        var checkValue = -1
        var status = -1
    }

    /// The physical line of the header row.
    let line: Int
    let columnCount: Int
    private(set) var positions = Positions()
    private(set) var faults: [HeaderRemark] = []
    private(set) var notices: [HeaderRemark] = []

    /// Reads the header row, which is the chunk's only one; nil stands for a file without any record.
    init(_ chunk: ManifestChunk?, mappings: [ColumnMapping<ReturnColumn>], hasSlots: Bool) {
        guard let chunk else {
            (line, columnCount) = (1, 0)
            faults = [HeaderRemark(message: "expected a header row, found no record")]
            return
        }
        let (row, limits) = (chunk.rows[0], ManifestLimits())
        (line, columnCount) = (row.line, row.fieldCount)
        let names = (0..<row.fieldCount).map { String(decoding: chunk.field($0, ofRow: 0), as: UTF8.self) }
        if let fault = row.fault {
            faults = [HeaderRemark(message: fault.message(line: row.faultLine, limits: limits), hint: fault.hint)]
        } else if let fault = HeaderRemark(textOf: chunk, columns: names.count, limits: limits) {
            faults = [fault]
        } else {
            find(names, mappings, hasSlots: hasSlots)
        }
    }

    /// Where a column is; -1 where there is none.
    func position(_ column: ReturnColumn) -> Int {
        switch column {
        case .deviceIdentifier: positions.deviceIdentifier
        case .slot: positions.slot
        case .keySerialNumber: positions.keySerialNumber
        case .checkValue: positions.checkValue
        case .status: positions.status
        }
    }

    private mutating func find(_ names: [String], _ mappings: [ColumnMapping<ReturnColumn>], hasSlots: Bool) {
        var search = ColumnSearch(names, mappings)
        positions.deviceIdentifier = search.position(of: .deviceIdentifier)
        positions.slot = search.position(of: .slot, isRequired: hasSlots)
        positions.keySerialNumber = search.position(of: .keySerialNumber)
        positions.checkValue = search.position(of: .checkValue)
        positions.status = search.position(of: .status)
        (faults, notices) = (search.faults, search.notices)
        // A run without slots has one key per device, whatever number the line gives its place.
        guard !hasSlots, positions.slot >= 0 else { return }
        positions.slot = -1
        notices.append(HeaderRemark(message: "not used, since the run has no slots: 'slot'"))
    }
}
