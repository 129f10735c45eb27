import Facility
import PaymentCrypto
import Synchronization

/// Tells which numbers a manifest's devices have already and may have again.
///
/// Unchecked: the check is one owner's at a time, which the mutex sees to.
final class Reissue: @unchecked Sendable {
    private let check: ReissueCheck
    private let turn = Mutex(())

    init(_ check: ReissueCheck) {
        self.check = check
    }

    /// Why a device may not have a number again; nil where it may.
    func refusal(_ number: InitialKeySerialNumber, under baseKey: KeyFingerprint, to device: String?) -> String? {
        guard let device else { return "the row names no device" }
        return turn.withLock { _ in
            do throws(FacilityError) {
                let isTheirs = try check.permits(number, under: baseKey, device: device)
                return isTheirs ? nil : "it was not issued to device '\(device)'"
            } catch {
                return "\(error)"
            }
        }
    }
}
