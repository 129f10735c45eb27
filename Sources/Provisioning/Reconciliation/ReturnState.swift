/// All that is kept of the rows that came back for one device.
struct ReturnState: Equatable, Sendable {
    /// What the rows said, the last one last.
    enum Phase: UInt8, Sendable {
        /// There was no row.
        case none
        case failed
        case succeeded
        case failedAfterSuccess

        var hasSucceeded: Bool { self == .succeeded || self == .failedAfterSuccess }
    }

    /// What was said of the serial number.
    enum SerialNumber: Equatable, Sendable {
        case notGiven
        /// The leading 8 bytes, counter cleared.
        case given(UInt64)
        /// Text that is no serial number of the device's kind.
        case unreadable
    }

    var phase = Phase.none
    /// Whether two successes had different check values or serial numbers.
    var disagrees = false
    /// Whether there was more than one row.
    var isRepeated = false
    /// Of the successes, or of the last failure.
    var checkValue = ReturnedCheckValue()
    /// Likewise.
    var serialNumber = SerialNumber.notGiven
    /// What the last failure's status was, as an index in `FailureWords`.
    var words: UInt8 = 0

    /// What both say, the later one after this one; it does not matter in how many files they came.
    func followed(by later: ReturnState) -> ReturnState {
        guard phase != .none else { return later }
        guard later.phase != .none else { return self }
        var both = self
        both.isRepeated = true
        both.disagrees = disagrees || later.disagrees
        if later.words != 0 { both.words = later.words }
        if later.phase.hasSucceeded, phase.hasSucceeded {
            both.join(later)
        } else if later.phase.hasSucceeded || !phase.hasSucceeded {
            (both.checkValue, both.serialNumber) = (later.checkValue, later.serialNumber)
        }
        both.phase = later.phase == .failed && phase.hasSucceeded ? .failedAfterSuccess : later.phase
        return both
    }

    /// Two successes must agree; of two check values that do, the longer one is kept.
    private mutating func join(_ later: ReturnState) {
        guard !disagrees else { return }
        let agree = checkValue == later.checkValue || checkValue.agrees(with: later.checkValue)
        switch (serialNumber, later.serialNumber) {
        case (_, .notGiven): break
        case (.notGiven, let given): serialNumber = given
        case (let first, let second):
            if first != second { disagrees = true }
        }
        if !agree { disagrees = true }
        if agree, later.checkValue.digitCount > checkValue.digitCount { checkValue = later.checkValue }
    }
}

/// The words in which an injection line tells of failures; a few kinds of them, each kept once.
struct FailureWords {
    /// As many as a device's four bits can tell apart; the last one stands for all others.
    private static let limit = 15
    private(set) var texts: [String] = []

    static let others = "other words"

    /// The number by which a device remembers them, counted from 1.
    mutating func index(of text: String) -> UInt8 {
        if let known = texts.firstIndex(of: text) { return UInt8(known + 1) }
        guard texts.count < Self.limit - 1 else { return UInt8(Self.limit) }
        texts.append(text)
        return UInt8(texts.count)
    }

    subscript(index: UInt8) -> String? {
        index == 0 ? nil : texts.indices.contains(Int(index) - 1) ? texts[Int(index) - 1] : Self.others
    }
}
