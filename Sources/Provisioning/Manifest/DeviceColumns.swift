import PaymentCrypto

/// What became of a device in validation.
enum DeviceStatus: UInt8, Sendable {
    /// To be provisioned.
    case accepted
    /// The row is bad; this device stands for all of the row in the report.
    case rejected
    /// A further device of a bad quantity row, which no report mentions.
    case inRejectedRow
}

/// Some bytes in a chunk's text; empty where the cell was empty or the column is missing.
struct TextReference {
    var offset: UInt32 = 0
    var count: UInt32 = 0
}

/// One fault of one row.
struct RowFault: Sendable, Equatable {
    /// The row in its chunk.
    var row: Int
    /// The column's name, where one is meant.
    var column: String?
    /// Expected and found.
    var message: String
    /// What to do about it.
    var hint: String?
}

/// The validated devices of one chunk, a column for each value, in memory that is allocated once and used again.
///
/// Text is in the chunk that was examined, which must stay as it is while this is read.
/// Unchecked: one owner at a time; a worker fills it and hands it over.
final class DeviceColumns: @unchecked Sendable {
    /// The bytes from one device_id to the next in `identifiers`.
    static let identifierStride = DeviceIdentifierPattern.byteLimit

    /// The number of devices that fit.
    let capacity: Int
    /// How many devices there are: as many as in the chunk.
    var count = 0
    /// What became of each.
    let status: UnsafeMutablePointer<DeviceStatus>
    /// The leading 8 bytes of each initial key serial number; the family is the base key's.
    let initialKSN: UnsafeMutablePointer<UInt64>
    /// Index of the base derivation key in `ManifestKeys.baseKeys`.
    let baseKey: UnsafeMutablePointer<Int32>
    /// Index of the protection key in `ManifestKeys.protectionKeys`; -1 where the transport needs none.
    let protectionKey: UnsafeMutablePointer<Int32>
    /// Index of the header profile in `ManifestKeys.profiles`.
    let profile: UnsafeMutablePointer<Int32>
    /// Each device_id with its number put in, 64 bytes apart.
    let identifiers: UnsafeMutablePointer<UInt8>
    let identifierCounts: UnsafeMutablePointer<UInt8>
    let slot: UnsafeMutablePointer<TextReference>
    let model: UnsafeMutablePointer<TextReference>
    let label: UnsafeMutablePointer<TextReference>
    let keyVersion: UnsafeMutablePointer<TextReference>
    let nonce: UnsafeMutablePointer<TextReference>
    /// The certificate of each device, for transports that need one; nil where it is bad, and empty for the others.
    private(set) var receivers: [Certificate?] = []
    /// What the duplicate check compares first; good where `duplicateFlags` says so.
    let serialNumberKeys: UnsafeMutablePointer<UInt64>
    let identifierKeys: UnsafeMutablePointer<UInt64>
    let certificateKeys: UnsafeMutablePointer<UInt64>
    let duplicateFlags: UnsafeMutablePointer<DuplicateFlags>
    /// What is wrong, in the order of the rows; empty in a good chunk.
    var faults: [RowFault] = []
    /// Rows that begin in this chunk, those of them that are bad, and devices to be provisioned.
    var rowCount = 0
    var rejectedRowCount = 0
    var acceptedCount = 0
    /// Whether a fault makes all that follows uncertain.
    var spoilsTheFile = false
    /// Rows whose key serial number has a counter that is not zero, and the first such row's line.
    var countedRows = 0
    var firstCountedLine = 0
    /// Stands for the certificates that were read, whatever their order.
    var receiverSum: UInt64 = 0
    /// A device_id and slot in lower case, for the duplicate check.
    let folded: UnsafeMutablePointer<UInt8>

    /// Columns for `capacity` devices.
    init(capacity: Int = 4096) {
        self.capacity = max(1, capacity)
        status = .allocate(capacity: self.capacity)
        initialKSN = .allocate(capacity: self.capacity)
        baseKey = .allocate(capacity: self.capacity)
        protectionKey = .allocate(capacity: self.capacity)
        profile = .allocate(capacity: self.capacity)
        identifiers = .allocate(capacity: self.capacity * Self.identifierStride)
        identifierCounts = .allocate(capacity: self.capacity)
        slot = .allocate(capacity: self.capacity)
        model = .allocate(capacity: self.capacity)
        label = .allocate(capacity: self.capacity)
        keyVersion = .allocate(capacity: self.capacity)
        nonce = .allocate(capacity: self.capacity)
        serialNumberKeys = .allocate(capacity: self.capacity)
        identifierKeys = .allocate(capacity: self.capacity)
        certificateKeys = .allocate(capacity: self.capacity)
        duplicateFlags = .allocate(capacity: self.capacity)
        folded = .allocate(capacity: Self.identifierStride + 16)
    }

    deinit {
        status.deallocate()
        initialKSN.deallocate()
        baseKey.deallocate()
        protectionKey.deallocate()
        profile.deallocate()
        identifiers.deallocate()
        identifierCounts.deallocate()
        slot.deallocate()
        model.deallocate()
        label.deallocate()
        keyVersion.deallocate()
        nonce.deallocate()
        serialNumberKeys.deallocate()
        identifierKeys.deallocate()
        certificateKeys.deallocate()
        duplicateFlags.deallocate()
        folded.deallocate()
    }

    /// Room for the certificates of a full chunk.
    func prepareReceivers() {
        if receivers.isEmpty { receivers = Array(repeating: nil, count: capacity) }
    }

    func set(_ receiver: Certificate?, ofDevice device: Int) { receivers[device] = receiver }

    /// The keys and the header of a device.
    func pair(_ device: Int) -> KeyPair {
        KeyPair(
            baseKey: baseKey[device], protectionKey: protectionKey[device], profile: profile[device])
    }

    /// A device's name.
    func identifier(_ device: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: identifiers + device * Self.identifierStride, count: Int(identifierCounts[device]))
    }

    /// All that is wrong with a row, as one text: for a rejected row's reason.
    func reason(ofRow row: Int) -> String {
        // Faults are in row order, and where all rows are bad there are thousands of them.
        var (low, high) = (0, faults.count)
        while low < high {
            let middle = (low + high) / 2
            if faults[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return faults[low...].prefix { $0.row == row }
            .map { fault in fault.column.map { "\($0): \(fault.message)" } ?? fault.message }
            .joined(separator: "; ")
    }

    /// Makes it empty.
    func removeAll() {
        count = 0
        faults.removeAll(keepingCapacity: true)
        (rowCount, rejectedRowCount, acceptedCount, countedRows, firstCountedLine) = (0, 0, 0, 0, 0)
        spoilsTheFile = false
        receiverSum = 0
        for device in receivers.indices { receivers[device] = nil }
    }
}
