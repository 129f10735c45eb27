/// The header row: which column is where, and what is wrong with it.
struct ManifestHeader: Sendable {
    /// Where each of our columns is, counted from 0; -1 where the manifest has no such column.
    struct Positions: Sendable, Equatable {
        var deviceIdentifier = -1
        var keySerialNumber = -1
        var quantity = -1
        var baseKey = -1
        var protectionKey = -1
        var profile = -1
        var certificate = -1
        var nonce = -1
        var model = -1
        var label = -1
        var slot = -1
        var keyVersion = -1
    }

    /// The physical line of the header row.
    let line: Int
    /// The names as they are in the file.
    let columns: [String]
    /// Where our columns are.
    private(set) var positions = Positions()
    /// What makes the manifest unreadable.
    private(set) var faults: [HeaderRemark] = []
    /// What is worth knowing.
    private(set) var notices: [HeaderRemark] = []

    /// The header of a file that has none.
    init(emptyFileOfLines lines: Int) {
        line = max(1, lines)
        columns = []
        faults = [HeaderRemark(message: "expected a header row, found no record")]
    }

    /// Reads the header row, which is the chunk's only one.
    ///
    /// - Parameter needsCertificates: whether each row must name its device's certificate.
    init(
        _ chunk: ManifestChunk, mappings: [ColumnMapping<ManifestColumn>], needsCertificates: Bool = false,
        limits: ManifestLimits
    ) {
        let row = chunk.rows[0]
        line = row.line
        columns = (0..<row.fieldCount).map { String(decoding: chunk.field($0, ofRow: 0), as: UTF8.self) }
        if let fault = row.fault {
            faults = [HeaderRemark(message: fault.message(line: row.faultLine, limits: limits), hint: fault.hint)]
            return
        }
        if let fault = HeaderRemark(textOf: chunk, columns: columns.count, limits: limits) {
            faults = [fault]
            return
        }
        var search = ColumnSearch(columns, mappings)
        for column in ManifestColumn.allCases {
            set(column, search.position(of: column, isRequired: needsCertificates && column == .certificate))
        }
        (faults, notices) = (search.faults, search.notices)
    }

    private mutating func set(_ column: ManifestColumn, _ position: Int) {
        switch column {
        case .deviceIdentifier: positions.deviceIdentifier = position
        case .keySerialNumber: positions.keySerialNumber = position
        case .quantity: positions.quantity = position
        case .baseKey: positions.baseKey = position
        case .protectionKey: positions.protectionKey = position
        case .profile: positions.profile = position
        case .model: positions.model = position
        case .label: positions.label = position
        case .slot: positions.slot = position
        case .keyVersion: positions.keyVersion = position
        case .certificate: positions.certificate = position
        case .nonce: positions.nonce = position
        }
    }
}
