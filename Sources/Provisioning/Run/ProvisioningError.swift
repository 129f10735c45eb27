public import Facility
public import PaymentCrypto

/// Why a run stopped; nothing is left behind.
public enum ProvisioningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A rule forbids it: strength, role, an expected check value.
    case refused(String)
    /// A check value is not the expected one.
    case unexpectedCheckValue(name: String, expected: ExpectedCheckValue, found: CheckValue)
    /// The manifest is not the one that was expected.
    case unexpectedManifest(expected: String, found: String)
    /// Between the two passes the manifest became another one.
    case manifestChanged
    /// A legacy check value was asked for where only CMAC may be shown.
    case checkValueMethod(KeyAlgorithm)
    /// A length was asked for that the method of an algorithm in the manifest does not have.
    case checkValueLength(asked: Int, CheckValueMethod)
    /// A header option does not suit the keys.
    case header(String)
    /// What was given as a key serial number is none.
    case serialNumber(String)
    /// Between the check and the reservation another run has taken serial numbers of the manifest.
    case taken(InitialKeySerialNumber, by: RunIdentifier, count: Int)
    /// A run or another export has the serial number.
    case issuedBefore(InitialKeySerialNumber, by: RunIdentifier, LedgerRun.State)
    /// The operator stopped the run.
    case interrupted

    /// Expected and found.
    public var description: String {
        switch self {
        case .refused(let reason): reason
        case .unexpectedCheckValue(let name, let expected, let found):
            "key '\(name)': expected check value \(expected), found \(found)"
        case .unexpectedManifest(let expected, let found):
            "the manifest's SHA-256: expected \(expected), found \(found)"
        case .manifestChanged: "the manifest changed while it was being provisioned"
        case .checkValueMethod(let algorithm):
            "--kcv-algorithm legacy: \(algorithm.reportName) keys have CMAC check values only"
        case .checkValueLength(let asked, let method):
            "--kcv-bytes: expected \(method.permittedByteCounts.lowerBound) to \(method.permittedByteCounts.upperBound)"
                + " for \(method == .legacy ? "legacy" : "cmac") check values, found \(asked)"
        case .header(let reason): reason
        case .serialNumber(let reason): "--dukpt-ksn: \(reason)"
        case .issuedBefore(let number, let run, let state):
            "--dukpt-ksn: expected a number that no run has, found \(number) of run \(run), \(state.words)"
        case .taken(let number, let run, let count):
            "since the manifest was checked run \(run) has taken initial key serial number \(number)"
                + (count > 1 ? " and \(count - 1) more" : "")
        case .interrupted: "interrupted; nothing was left behind"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .manifestChanged: "run again when nobody writes to it"
        case .issuedBefore(_, let run, let state): state.hint(run)
        case .taken: "start again: the check will name every row"
        case .unexpectedManifest: "somebody may have edited it after it was approved"
        default: nil
        }
    }
}
