/// A run of manifest rows with the devices that they stand for, in memory that is allocated once and used again.
///
/// All fields of a row are kept, those of ignored columns too, since `rejected.csv` repeats them.
/// Unchecked: a chunk has one owner at a time; the reader fills it and hands it over to one worker.
final class ManifestChunk: @unchecked Sendable {
    /// One record of the manifest.
    struct Row {
        /// The physical line on which the record begins.
        var line: Int
        /// Where its fields begin in `fieldBounds`.
        var firstField: Int
        /// How many fields it has, which need not be the header's number.
        var fieldCount: Int
        /// What the reader found wrong, if anything.
        var fault: RecordFault?
        /// Where it found that.
        var faultLine: Int
        /// Whether its bytes are known to be ASCII without NUL.
        var isPlainText = false
    }

    /// One device of a row.
    struct Device {
        /// Its row in this chunk.
        var row: UInt32
        /// Which of the row's devices it is, counted from 1.
        var ordinal: UInt32
    }

    /// The number of devices that fit.
    let capacity: Int
    /// The fields of all rows, one after the other, and behind each one ASCII character that is no part of it.
    ///
    /// So a line whose commas stay where they are is copied in one piece.
    let text: UnsafeMutablePointer<UInt8>
    /// Field `i` is `text[fieldBounds[i]..<fieldBounds[i + 1] - 1]`.
    let fieldBounds: UnsafeMutablePointer<UInt32>
    /// The rows; the first one may go on with a quantity row of the chunk before.
    let rows: UnsafeMutablePointer<Row>
    /// The devices, in manifest order.
    let devices: UnsafeMutablePointer<Device>
    /// How many rows there are.
    var rowCount = 0
    /// How many devices there are.
    var deviceCount = 0
    /// How many fields there are.
    var fieldCount = 0
    /// Where this chunk stands in its manifest, counted from 0.
    var index = 0

    let textCapacity: Int
    let fieldCapacity: Int
    private let recordByteLimit: Int

    /// A chunk for `capacity` devices.
    init(capacity: Int = 4096, limits: ManifestLimits = ManifestLimits()) {
        self.capacity = max(1, capacity)
        recordByteLimit = limits.recordByteCount
        // Room for rows of an ordinary size, and always for one that is as long as may be. What is not used is never
        // touched, so it takes no memory.
        textCapacity = self.capacity * 128 + recordByteLimit + 1
        fieldCapacity = self.capacity * 16 + recordByteLimit + 1
        text = .allocate(capacity: textCapacity)
        fieldBounds = .allocate(capacity: fieldCapacity + 1)
        rows = .allocate(capacity: self.capacity)
        devices = .allocate(capacity: self.capacity)
        fieldBounds[0] = 0
    }

    deinit {
        text.deallocate()
        fieldBounds.deallocate()
        rows.deallocate()
        devices.deallocate()
    }

    /// Whether a record of the greatest length would fit.
    var hasRoom: Bool {
        deviceCount < capacity && rowCount < capacity
            && textCapacity - Int(fieldBounds[fieldCount]) > recordByteLimit
            && fieldCapacity - fieldCount > recordByteLimit
    }

    /// Makes it empty.
    func removeAll() {
        rowCount = 0
        deviceCount = 0
        fieldCount = 0
        fieldBounds[0] = 0
    }

    /// A field of a row; nothing where the row has no such field.
    func field(_ position: Int, ofRow row: Int) -> UnsafeBufferPointer<UInt8> {
        guard row >= 0, row < rowCount, position >= 0, position < rows[row].fieldCount else {
            return UnsafeBufferPointer(start: text, count: 0)
        }
        let field = rows[row].firstField + position
        let (start, end) = (Int(fieldBounds[field]), Int(fieldBounds[field + 1]) - 1)
        return UnsafeBufferPointer(start: text + start, count: end - start)
    }

    /// Adds plain lines as rows without devices, as many as there are one after the other and no more than `most`.
    ///
    /// - Returns: how many lines, and the bytes that they had in the source.
    func appendPlainLines(
        _ source: UnsafeBufferPointer<UInt8>, firstLine: Int, most: Int, limits: ManifestLimits
    ) -> (lines: Int, bytes: Int) {
        guard var splitter = PlainLineSplitter(source, limits: limits) else { return (0, 0) }
        let (text, fieldBounds, rows, firstRow) = (text, fieldBounds, rows, rowCount)
        let (textLimit, fieldLimit) = (textCapacity - recordByteLimit, fieldCapacity - recordByteLimit)
        var (lines, field, start) = (0, fieldCount, Int(fieldBounds[fieldCount]))
        // The room for the longest record, as `hasRoom` asks for it.
        while lines < most, start < textLimit, field < fieldLimit,
            splitter.next(text: text + start, bounds: fieldBounds + field)
        {
            rows[firstRow + lines] = Row(
                line: firstLine + lines, firstField: field, fieldCount: splitter.fieldCount, fault: nil, faultLine: 0,
                isPlainText: splitter.isPlainText)
            lines += 1
            field += splitter.fieldCount
            start = Int(fieldBounds[field])
        }
        (rowCount, fieldCount) = (firstRow + lines, field)
        return (lines, splitter.consumed)
    }

    /// Adds one device for each of these rows.
    func appendDevices(ofRows added: Range<Int>) {
        for (device, row) in zip(deviceCount..., added) {
            devices[device] = Device(row: UInt32(truncatingIfNeeded: row), ordinal: 1)
        }
        deviceCount += added.count
    }

    /// Copies a row of another chunk to the end of this one, without its devices.
    func appendRow(_ row: Int, of other: ManifestChunk) {
        var copy = other.rows[row]
        let first = Int(other.fieldBounds[copy.firstField])
        let count = Int(other.fieldBounds[copy.firstField + copy.fieldCount]) - first
        let start = Int(fieldBounds[fieldCount])
        guard rowCount < capacity, start + count <= textCapacity, fieldCount + copy.fieldCount <= fieldCapacity else {
            return
        }
        (text + start).update(from: other.text + first, count: count)
        for field in 1..<max(1, copy.fieldCount + 1) {
            let bound = Int(other.fieldBounds[copy.firstField + field]) - first + start
            fieldBounds[fieldCount + field] = UInt32(truncatingIfNeeded: bound)
        }
        copy.firstField = fieldCount
        fieldCount += copy.fieldCount
        rows[rowCount] = copy
        rowCount += 1
    }
}
