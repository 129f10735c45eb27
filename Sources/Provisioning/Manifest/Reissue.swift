import Facility
import PaymentCrypto
import Synchronization

/// Tells which numbers a manifest's devices have already and may have again.
///
/// Unchecked: the check is one owner's at a time, which the mutex sees to.
final class Reissue: @unchecked Sendable {
    private let check: ReissueCheck
    private let verdicts = Mutex(Verdicts())

    /// The rows that were judged last: one with a quantity goes on over many chunks, on several workers.
    private struct Verdicts {
        private var kept: [(row: Row, fault: IssuedNumbers.Fault?)] = []
        private var oldest = 0

        func of(_ row: Row) -> IssuedNumbers.Fault?? { kept.first { $0.row == row }?.fault }

        mutating func keep(_ row: Row, _ fault: IssuedNumbers.Fault?) {
            if kept.count < 64 { return kept.append((row, fault)) }
            kept[oldest] = (row, fault)
            oldest = (oldest + 1) % kept.count
        }
    }

    /// What tells a row from others: no two rows of a manifest that has no duplicates have the same.
    struct Row: Equatable {
        let first: InitialKeySerialNumber
        let count: Int
        let identity: Int
        let line: Int
    }

    init(_ check: ReissueCheck) {
        self.check = check
    }

    /// Judges a row once, however many chunks it is in.
    func judge(_ row: Row, _ body: (Turn) -> IssuedNumbers.Fault?) -> IssuedNumbers.Fault? {
        verdicts.withLock { verdicts in
            if row.count > 1, let known = verdicts.of(row) { return known }
            let fault = body(Turn(check: check))
            if row.count > 1 { verdicts.keep(row, fault) }
            return fault
        }
    }

    /// The right to ask, which one row at a time has.
    struct Turn {
        fileprivate let check: ReissueCheck
    }
}

extension Reissue.Turn {
    /// Why a device may not have a number again; nil where it may.
    func refusal(
        _ number: InitialKeySerialNumber, under baseKey: KeyFingerprint, to device: String?
    ) -> String? {
        guard let device else { return "the row names no device" }
        do throws(FacilityError) {
            let isTheirs = try check.permits(number, under: baseKey, device: device)
            return isTheirs ? nil : "it was not issued to device '\(device)'"
        } catch {
            return "\(error)"
        }
    }
}
