import CLibCSV
import Glibc

/// Where libcsv's callbacks put the fields: the free end of a chunk's columns.
struct RecordSink {
    var text: UnsafeMutablePointer<UInt8>
    var fieldBounds: UnsafeMutablePointer<UInt32>
    var textCapacity: Int
    var fieldCapacity: Int
    var fieldCount: Int
    /// A line feed outside quotes has ended the record.
    var recordHasEnded = false
}

/// The one door to libcsv: the CSV grammar of RFC 4180, strictly, one physical line at a time.
///
/// libcsv keeps the open field in a buffer that it neither limits nor clears: the caller limits what it feeds, and a
/// manifest never carries a clear key.
final class RecordParser {
    /// What a line did to the record.
    enum Outcome {
        /// The record goes on: the line ends inside quotes, or there was nothing in it.
        case open
        /// The record is complete.
        case complete
        /// The grammar forbids the byte.
        case fault(at: UInt8)
    }

    private let parser = UnsafeMutablePointer<csv_parser>.allocate(capacity: 1)
    private let sink = UnsafeMutablePointer<RecordSink>.allocate(capacity: 1)

    /// Puts fields behind those that the chunk has.
    init(into chunk: ManifestChunk) {
        parser.initialize(to: csv_parser())
        sink.initialize(to: Self.sink(chunk))
        begin()
    }

    deinit {
        csv_free(parser)
        parser.deallocate()
        sink.deallocate()
    }

    /// The number of fields in the chunk, those of the open record included.
    var fieldCount: Int { sink.pointee.fieldCount }

    /// Puts what follows behind the fields that the chunk has.
    func redirect(to chunk: ManifestChunk) {
        sink.pointee = Self.sink(chunk)
    }

    /// Forgets an open record, to begin again at the next line.
    func reset() {
        csv_free(parser)
        begin()
    }

    /// Parses one line with its line feed, which ends the record unless it is inside quotes.
    ///
    /// - Parameter hasStrayReturn: whether a carriage return may be anywhere but before the line feed.
    func feed(
        _ line: UnsafeBufferPointer<UInt8>, hasStrayReturn: Bool = false
    ) throws(ManifestReadError) -> Outcome {
        sink.pointee.recordHasEnded = false
        setRules(areOurs: hasStrayReturn || Self.hasBlank(line))
        let consumed = csv_parse(parser, line.baseAddress, line.count, Self.takeField, Self.endRecord, sink)
        guard consumed == line.count else {
            guard csv_error(parser) == CSV_EPARSE else { throw .outOfMemory }
            return .fault(at: line[consumed])
        }
        return sink.pointee.recordHasEnded ? .complete : .open
    }

    private static func sink(_ chunk: ManifestChunk) -> RecordSink {
        RecordSink(
            text: chunk.text, fieldBounds: chunk.fieldBounds, textCapacity: chunk.textCapacity,
            fieldCapacity: chunk.fieldCapacity, fieldCount: chunk.fieldCount)
    }

    private func begin() {
        csv_init(parser, UInt8(CSV_STRICT))
        csv_set_blk_size(parser, 4096)
    }

    /// Chooses between libcsv's own rules for blanks and line ends and ours.
    ///
    /// Its own trim blanks, which RFC 4180 2.4 counts as part of a field, and end a record at a carriage return too. In
    /// ours a carriage return is only trimmed, so that CRLF is a line end; the reader refuses a lone one. On a line that
    /// has none of these both rules are the same, and libcsv is twice as fast without a call for every byte.
    private func setRules(areOurs: Bool) {
        if areOurs {
            csv_set_space_func(parser) { $0 == UInt8(ascii: "\r") ? 1 : 0 }
            csv_set_term_func(parser) { $0 == UInt8(ascii: "\n") ? 1 : 0 }
        } else {
            csv_set_space_func(parser, nil)
            csv_set_term_func(parser, nil)
        }
    }

    private static func hasBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = line.baseAddress else { return false }
        return memchr(start, Int32(UInt8(ascii: " ")), line.count) != nil
            || memchr(start, Int32(UInt8(ascii: "\t")), line.count) != nil
    }

    private static let takeField: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
        bytes, count, context in
        guard let sink = context?.assumingMemoryBound(to: RecordSink.self) else { return }
        take(bytes, count, into: sink)
    }

    private static func take(_ bytes: UnsafeRawPointer?, _ count: Int, into sink: UnsafeMutablePointer<RecordSink>) {
        let (field, start) = (sink.pointee.fieldCount, Int(sink.pointee.fieldBounds[sink.pointee.fieldCount]))
        // The chunk has room for the longest record; this only makes a mistake there harmless.
        guard field < sink.pointee.fieldCapacity, start + count < sink.pointee.textCapacity else { return }
        if let bytes, count > 0 { memcpy(sink.pointee.text + start, bytes, count) }
        sink.pointee.text[start + count] = UInt8(ascii: ",")
        sink.pointee.fieldBounds[field + 1] = UInt32(truncatingIfNeeded: start + count + 1)
        sink.pointee.fieldCount = field + 1
    }

    private static let endRecord: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { _, context in
        context?.assumingMemoryBound(to: RecordSink.self).pointee.recordHasEnded = true
    }
}
