import PaymentCrypto

/// The outputs of a run in their order: lines of `keyblocks.csv` or `.jsonl`, or the device files that `SHA256SUMS` lists.
protocol OutputSource: AnyObject {
    /// Messages call the file of the lines so.
    var path: String { get }

    /// Copies the next output's line behind what is in `buffer`; nil at the end.
    func next(into buffer: ByteBuffer) throws -> LineReader.Place?

    /// The next lines, at most so many, which are still to come.
    func peek(_ count: Int) throws -> [LineReader.Stored]

    /// Makes a line that was read the next one again.
    func putBack(_ line: LineReader.Stored)

    /// Writes the device of a line, as `device_id` or `device_id+slot`; nothing where the line tells none.
    func appendDevice(of line: UnsafeBufferPointer<UInt8>, to text: ByteBuffer)
}

/// Lines of one table.
final class TableOutputs: OutputSource {
    private let reader: LineReader
    private let layout: Layout

    init(_ reader: LineReader, layout: Layout) {
        (self.reader, self.layout) = (reader, layout)
    }

    var path: String { reader.path }

    func next(into buffer: ByteBuffer) throws -> LineReader.Place? { try reader.next(into: buffer) }

    func peek(_ count: Int) throws -> [LineReader.Stored] { try reader.peek(count) }

    func putBack(_ line: LineReader.Stored) { reader.putBack(line) }

    func appendDevice(of line: UnsafeBufferPointer<UInt8>, to text: ByteBuffer) {
        if layout == .csv {
            Self.append(line[...].prefixUp(to: UInt8(ascii: ",")), line, until: UInt8(ascii: ","), to: text)
        } else {
            appendMembers(of: line, to: text)
        }
    }

    /// `device_id,slot,...`: neither needs quotes.
    private static func append(
        _ device: Slice<UnsafeBufferPointer<UInt8>>, _ line: UnsafeBufferPointer<UInt8>, until end: UInt8,
        to text: ByteBuffer
    ) {
        let rest = line[min(device.endIndex + 1, line.endIndex)...]
        DeviceName.append(device, slot: rest.prefixUp(to: end), to: text)
    }

    /// `{"device_id":"...","slot":"..."`: neither needs escapes.
    private func appendMembers(of line: UnsafeBufferPointer<UInt8>, to text: ByteBuffer) {
        let (first, second): (StaticString, StaticString) = ("{\"device_id\":\"", "\",\"slot\":\"")
        let (start, between) = (first.utf8CodeUnitCount, second.utf8CodeUnitCount)
        guard line.count > start else { return }
        let device = line[start...].prefixUp(to: UInt8(ascii: "\""))
        let slot = line[min(device.endIndex + between, line.endIndex)...].prefixUp(to: UInt8(ascii: "\""))
        DeviceName.append(device, slot: slot, to: text)
    }
}

/// A device's name in messages and in the names of files.
enum DeviceName {
    static func append(
        _ device: Slice<UnsafeBufferPointer<UInt8>>, slot: Slice<UnsafeBufferPointer<UInt8>>, to text: ByteBuffer
    ) {
        text.append(UnsafeBufferPointer(rebasing: device))
        guard !slot.isEmpty else { return }
        text.append(UInt8(ascii: "+"))
        text.append(UnsafeBufferPointer(rebasing: slot))
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// What comes before the first such byte; everything where there is none.
    fileprivate func prefixUp(to end: UInt8) -> Self { self[startIndex..<(firstIndex(of: end) ?? endIndex)] }
}
