import PaymentCrypto

/// How a key serial number of fewer digits is completed.
public enum KSNPadding: String, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// Exactly 16 digits, an 8-byte TDES key serial number with its counter, get FFFF in front.
    case leftF = "left-f"
}

/// The rules that every row is held against; immutable, so that any number of workers may share it.
///
/// Unchecked: nothing is written after the initialiser, and what it refers to is not either (DuplicateFindings says
/// where it is).
final class RowValidator: @unchecked Sendable {
    /// What to find out about duplicates.
    enum DuplicateWork: Sendable {
        /// Nothing.
        case none
        /// Set the keys of every device.
        case gather
        /// Set the keys, and mark the candidates.
        case mark(DuplicateFindings)
        /// Refuse the rows that were found.
        case judge(DuplicateFindings)
    }

    /// What the hot loop needs of a base key, without anything that is counted by reference.
    struct BaseKeyRule {
        var family: DUKPTFamily
        var identity: Int
        var keySet: KeySetIdentifier?
        var isRefused: Bool
    }

    let positions: ManifestHeader.Positions
    let columnCount: Int
    let columns: [String]
    let keys: ManifestKeys
    let padding: KSNPadding
    let limits: ManifestLimits
    let hashing: DuplicateHashing
    let duplicates: DuplicateWork
    /// What earlier runs have; nil where it is nothing, or not known yet.
    let issued: IssuedNumbers?
    /// Whether each row names its device's certificate.
    let hasReceivers: Bool
    /// Whether a header travels with each key.
    let carriesHeader: Bool
    let baseKeyNames: NameTable
    let protectionKeyNames: NameTable
    let profileNames: NameTable
    let baseKeyRules: UnsafeMutableBufferPointer<BaseKeyRule>

    init(
        header: ManifestHeader, keys: ManifestKeys, padding: KSNPadding = .none,
        limits: ManifestLimits = ManifestLimits(), hashing: DuplicateHashing = DuplicateHashing(),
        duplicates: DuplicateWork = .none, issued: IssuedNumbers? = nil
    ) {
        positions = header.positions
        columns = header.columns
        columnCount = header.columns.count
        self.keys = keys
        self.padding = padding
        self.limits = limits
        self.hashing = hashing
        self.duplicates = duplicates
        self.issued = issued
        hasReceivers = keys.receivers != nil
        carriesHeader = keys.receivers?.carriesHeader ?? true
        baseKeyNames = NameTable(keys.baseKeys.map(\.name))
        protectionKeyNames = NameTable(keys.protectionKeys.map(\.name))
        profileNames = NameTable(keys.profiles.map(\.name))
        baseKeyRules = .allocate(capacity: keys.baseKeys.count)
        for (index, key) in keys.baseKeys.enumerated() {
            let rule = BaseKeyRule(
                family: DUKPTFamily(key.algorithm), identity: key.identity, keySet: key.keySet,
                isRefused: key.refusal != nil)
            baseKeyRules.initializeElement(at: index, to: rule)
        }
    }

    deinit {
        baseKeyRules.deallocate()
    }

    /// Validates a chunk into columns, device by device; what is wrong goes into the columns' faults.
    func examine(_ chunk: ManifestChunk, into columns: DeviceColumns) {
        columns.removeAll()
        var examination = ChunkExamination(validator: self, chunk: chunk, columns: columns)
        examination.run()
    }
}
