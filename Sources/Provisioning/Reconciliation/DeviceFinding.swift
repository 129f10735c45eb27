import PaymentCrypto

/// What became of one device, and what is wrong with it where something is.
struct DeviceFinding {
    /// One thing that is not as it was issued.
    enum Difference: Equatable {
        /// Two successes had different values.
        case disagreement
        case noCheckValue
        case shortCheckValue(digits: Int)
        case unreadableCheckValue
        case checkValue
        case serialNumber
        case unreadableSerialNumber

        /// What people are told of how often it occurs.
        var name: String {
            switch self {
            case .disagreement: "came back several times as done, with different values"
            case .noCheckValue: "came back without a check value"
            case .shortCheckValue: "check value too short to be compared"
            case .unreadableCheckValue: "check value not in hexadecimal digits"
            case .checkValue: "another check value"
            case .serialNumber: "another key serial number"
            case .unreadableSerialNumber: "key serial number not readable"
            }
        }
    }

    let result: ReconciliationResult
    let differences: [Difference]

    /// Decides what became of a device of the report.
    init(_ row: ReportReader.Row, _ state: ReturnState) {
        guard let issue = row.issue else {
            (result, differences) = (.rejected, [])
            return
        }
        // Keys that disagree have been in the device, whatever was said of it afterwards.
        if !state.disagrees, state.phase != .succeeded {
            (result, differences) = (state.phase == .none ? .missing : .failed, [])
            return
        }
        if Self.isPlainlyConfirmed(issue, state) {
            (result, differences) = (.confirmed, [])
            return
        }
        differences = Self.differences(issue, state)
        result = differences.isEmpty ? .confirmed : .mismatch
    }

    /// The ordinary case, without making a list.
    private static func isPlainlyConfirmed(_ issue: ReportReader.Row.Issue, _ state: ReturnState) -> Bool {
        !state.disagrees && state.serialNumber == .notGiven && state.checkValue.agrees(with: issue.checkValue)
    }

    private static func differences(_ issue: ReportReader.Row.Issue, _ state: ReturnState) -> [Difference] {
        var differences: [Difference] = state.disagrees ? [.disagreement] : []
        let returned = state.checkValue
        if returned.isUnreadable {
            differences.append(.unreadableCheckValue)
        } else if returned.digitCount == 0 {
            differences.append(.noCheckValue)
        } else if !returned.isComparable {
            differences.append(.shortCheckValue(digits: returned.digitCount))
        } else if !returned.agrees(with: issue.checkValue) {
            differences.append(.checkValue)
        }
        switch state.serialNumber {
        case .notGiven: break
        case .given(let leading): if leading != issue.serialNumber.leading { differences.append(.serialNumber) }
        case .unreadable: differences.append(.unreadableSerialNumber)
        }
        return differences
    }
}

extension DeviceFinding.Difference {
    /// Expected and found.
    func reason(_ issue: ReportReader.Row.Issue, _ state: ReturnState) -> String {
        switch self {
        case .disagreement: name
        case .noCheckValue: "expected check value \(issue.checkValue), found none"
        case .shortCheckValue(let digits):
            "expected at least \(ReturnedCheckValue.leastDigitCount) digits of a check value, found \(digits)"
        case .unreadableCheckValue: "expected check value \(issue.checkValue), found other characters"
        case .checkValue: "expected check value \(issue.checkValue), found \(state.checkValue)"
        case .serialNumber: "expected key serial number \(issue.serialNumber), found \(Self.found(issue, state))"
        case .unreadableSerialNumber: "expected key serial number \(issue.serialNumber), found something else"
        }
    }

    private static func found(_ issue: ReportReader.Row.Issue, _ state: ReturnState) -> String {
        guard case .given(let leading) = state.serialNumber else { return "none" }
        return InitialKeySerialNumber(family: issue.serialNumber.family, leading: leading).description
    }
}
