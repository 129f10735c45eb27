import Facility
import PaymentCrypto

/// Writes what is known of a device as the site keeps it.
///
/// One owner. The formats are in docs/formats/returns.md.
final class ReturnKeeper {
    private let writer: ReturnsWriter
    private let text = ByteBuffer(capacity: 256)

    init(_ writer: ReturnsWriter) { self.writer = writer }

    func keep(
        _ row: ReportReader.Row, _ state: ReturnState, _ result: ReconciliationResult, words: String
    ) throws(FacilityError) {
        text.removeAll()
        text.append(result.name)
        let resultEnd = text.count
        state.appendSaid(to: text)
        let saidEnd = text.count
        if state.checkValue.isUnreadable { text.append(UInt8(ascii: "?")) } else { state.checkValue.write(to: text) }
        let checkValueEnd = text.count
        state.appendSerialNumber(to: text)
        let serialNumberEnd = text.count
        text.append(words)
        let all = text.characters
        func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: all[range]) }
        try writer.append(
            DeviceReturn(
                device: row.identifier, slot: row.slot, result: part(0..<resultEnd), said: part(resultEnd..<saidEnd),
                checkValue: part(saidEnd..<checkValueEnd), serialNumber: part(checkValueEnd..<serialNumberEnd),
                words: part(serialNumberEnd..<all.count)))
    }
}

extension ReturnState {
    /// Whether some row told of a failure last.
    var hasFailed: Bool { phase == .failed || phase == .failedAfterSuccess }

    /// What the site keeps of a device; nil where no reconciliation has written that.
    ///
    /// The words of a failure are the caller's, since they are numbered anew each time.
    init?(_ entry: DeviceReturn) {
        guard let first = entry.said.first, let phase = Self.phases.first(where: { $0.letter == first })?.phase else {
            return nil
        }
        self.phase = phase
        for letter in entry.said.dropFirst() {
            switch letter {
            case Self.disagreement: disagrees = true
            case Self.repetition: isRepeated = true
            default: return nil
            }
        }
        checkValue = ReturnedCheckValue(entry.checkValue)
        switch entry.serialNumber.count {
        case 0: serialNumber = .notGiven
        case 1: serialNumber = .unreadable
        default:
            guard let number = try? KeySerialNumber(entry.serialNumber, family: .aes) else { return nil }
            serialNumber = .given(number.initial.leading)
        }
    }

    fileprivate func appendSaid(to text: ByteBuffer) {
        for known in Self.phases where known.phase == phase { text.append(known.letter) }
        if disagrees { text.append(Self.disagreement) }
        if isRepeated { text.append(Self.repetition) }
    }

    fileprivate func appendSerialNumber(to text: ByteBuffer) {
        switch serialNumber {
        case .notGiven: break
        case .given(let leading):
            Hexadecimal.write(leading, to: text.reserve(16))
            text.advance(by: 16)
        case .unreadable: text.append(UInt8(ascii: "?"))
        }
    }

    private static let phases: [(phase: Phase, letter: UInt8)] = [
        (.succeeded, UInt8(ascii: "s")), (.failed, UInt8(ascii: "f")), (.failedAfterSuccess, UInt8(ascii: "r")),
    ]
    private static let disagreement = UInt8(ascii: "d")
    private static let repetition = UInt8(ascii: "m")
}
