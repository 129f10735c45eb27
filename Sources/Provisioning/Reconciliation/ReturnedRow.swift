import PaymentCrypto

/// One row of a return; good while its chunk stays as it is.
struct ReturnedRow {
    /// The physical line on which it begins.
    let line: Int
    let identifier: UnsafeBufferPointer<UInt8>
    let slot: UnsafeBufferPointer<UInt8>
    let serialNumber: UnsafeBufferPointer<UInt8>
    let checkValue: ReturnedCheckValue
    let status: UnsafeBufferPointer<UInt8>

    init(_ row: Int, of chunk: ManifestChunk, _ header: ReturnHeader) {
        func cell(_ position: Int) -> UnsafeBufferPointer<UInt8> { Self.trimmed(chunk.field(position, ofRow: row)) }
        let positions = header.positions
        line = chunk.rows[row].line
        (identifier, slot) = (cell(positions.deviceIdentifier), cell(positions.slot))
        (serialNumber, status) = (cell(positions.keySerialNumber), cell(positions.status))
        checkValue = ReturnedCheckValue(cell(positions.checkValue))
    }

    /// What the row says, of a device whose serial numbers are of this kind.
    func state(family: DUKPTFamily) -> ReturnState {
        var state = ReturnState()
        state.phase = isSuccess ? .succeeded : .failed
        state.checkValue = checkValue
        state.serialNumber = Self.parse(serialNumber, family)
        return state
    }

    /// The words of the status, as a report may show them.
    var statusText: String { ReportText.cell(status) }

    private var isSuccess: Bool {
        guard !status.isEmpty else { return true }
        return Self.successes.contains { word in
            word.utf8CodeUnitCount == status.count
                && status.indices.allSatisfy { status[$0] | 0x20 == word.utf8Start[$0] }
        }
    }

    private static let successes: [StaticString] = ["ok", "success", "loaded", "injected", "confirmed"]

    /// An 8-byte TDES number is taken as one whose first two bytes, FFFF, were left out.
    private static func parse(_ text: UnsafeBufferPointer<UInt8>, _ family: DUKPTFamily) -> ReturnState.SerialNumber {
        guard !text.isEmpty else { return .notGiven }
        if family == .tdes, text.count == 16 {
            guard let short = try? KeySerialNumber(text, family: .aes).initial.leading else { return .unreadable }
            return .given(InitialKeySerialNumber(family: .tdes, leading: 0xFFFF << 48 | short >> 16).leading)
        }
        guard let number = try? KeySerialNumber(text, family: family) else { return .unreadable }
        return .given(number.initial.leading)
    }

    /// Blanks at either end are no part of any of these values.
    private static func trimmed(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = cell.first, let last = cell.last, isBlank(first) || isBlank(last) else { return cell }
        var rest = cell[...]
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return UnsafeBufferPointer(rebasing: rest)
    }
}
