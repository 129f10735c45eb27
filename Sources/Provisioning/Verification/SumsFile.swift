import PaymentCrypto

/// `SHA256SUMS` of a run: the device files in their order, and what it says of the other files.
///
/// One owner: the stage that reads.
final class SumsFile: OutputSource {
    /// What it says of a file.
    struct Listed {
        var name: String
        var digest: SHA256Digest
        var line: Int
    }

    /// Those that are not in `devices/`, in their order.
    private(set) var files: [Listed] = []
    private(set) var differences: [Diagnostic] = []
    /// The names of the device files so far, whatever their order: their number and the sum of their hashes.
    private(set) var devices = NameSum()
    private let reader: LineReader
    private let ending: [UInt8]
    private let line = ByteBuffer(capacity: 256)

    static let name = "SHA256SUMS"
    /// More files than this besides the devices' no run has.
    private static let mostFiles = 64
    private static let digitCount = 64

    /// - Parameter ending: of the devices' files, with its point.
    init(_ reader: LineReader, ending: StaticString) {
        self.reader = reader
        self.ending = Array("\(ending)".utf8)
    }

    var path: String { reader.path }

    func next(into buffer: ByteBuffer) throws -> LineReader.Place? {
        while true {
            line.removeAll()
            guard let place = try reader.next(into: line) else { return nil }
            switch Self.parse(line.characters) {
            case .device(let name):
                devices.add(name)
                let copy = LineReader.Place(offset: buffer.count, count: place.count, number: place.number)
                buffer.append(line.characters)
                return copy
            case .file(let name, let digest): add(Listed(name: name, digest: digest, line: place.number))
            case nil: tell("expected a digest of 64 lower-case digits, two blanks and a file name", place.number)
            }
        }
    }

    /// Only the devices' lines among those that come next.
    func peek(_ count: Int) throws -> [LineReader.Stored] {
        try reader.peek(count).filter { stored in
            stored.bytes.withUnsafeBufferPointer { if case .device = Self.parse($0) { true } else { false } }
        }
    }

    func putBack(_ line: LineReader.Stored) {
        line.bytes.withUnsafeBufferPointer { if case .device(let name) = Self.parse($0) { devices.remove(name) } }
        reader.putBack(line)
    }

    func appendDevice(of line: UnsafeBufferPointer<UInt8>, to text: ByteBuffer) {
        guard case .device(let name) = Self.parse(line), name.count > ending.count,
            name.suffix(ending.count).elementsEqual(ending)
        else { return }
        text.append(UnsafeBufferPointer(rebasing: name.dropLast(ending.count)))
    }

    /// Reads the rest, devices without a row in the report too, and gives the digest of the whole file.
    func finish() throws -> SHA256Digest {
        let digest = try reader.finish()
        if !reader.isWhole { tell("the last line has no end", nil) }
        return digest
    }

    private func add(_ file: Listed) {
        guard !files.contains(where: { $0.name == file.name }) else {
            return tell("\(TextExcerpt(file.name)) is listed twice", file.line)
        }
        guard files.count < Self.mostFiles else { return tell("more files than a run has", file.line) }
        files.append(file)
    }

    private func tell(_ message: String, _ line: Int?) {
        guard differences.count < DiagnosticList.defaultLimit else { return }
        differences.append(Diagnostic(file: path, line: line, message: message))
    }

    /// One line.
    private enum Line {
        /// The name within `devices/`.
        case device(UnsafeBufferPointer<UInt8>)
        case file(String, SHA256Digest)
    }

    private static func parse(_ line: UnsafeBufferPointer<UInt8>) -> Line? {
        guard line.count > digitCount + 2, line[digitCount] == UInt8(ascii: " "),
            line[digitCount + 1] == UInt8(ascii: " "), line[..<digitCount].allSatisfy(isLowerCaseDigit)
        else { return nil }
        let name = UnsafeBufferPointer(rebasing: line[(digitCount + 2)...])
        let folder: StaticString = "devices/"
        let start = UnsafeBufferPointer(start: folder.utf8Start, count: folder.utf8CodeUnitCount)
        if name.starts(with: start) {
            let file = UnsafeBufferPointer(rebasing: name[start.count...])
            return isName(file) ? .device(file) : nil
        }
        guard isName(name), let digest = SHA256Digest(String(decoding: line[..<digitCount], as: UTF8.self)) else {
            return nil
        }
        return .file(String(decoding: name, as: UTF8.self), digest)
    }

    private static func isLowerCaseDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")
    }

    /// Letters, digits, `.`, `_`, `-` and `+`, and no point first: what a run calls its files.
    private static func isName(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = name.first, name.count <= 128, first != UInt8(ascii: ".") else { return false }
        return name.allSatisfy { byte in
            DeviceIdentifierPattern.isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        }
    }
}

/// A set of names without the names: two sets are the same where number and sum are.
///
/// SipHash, which Swift keys with chance at every start, so that nobody can write names whose sums agree.
struct NameSum: Equatable {
    private(set) var count = 0
    private var sum: UInt64 = 0

    mutating func add(_ name: UnsafeBufferPointer<UInt8>) {
        count += 1
        sum &+= Self.hash(name)
    }

    mutating func remove(_ name: UnsafeBufferPointer<UInt8>) {
        count -= 1
        sum &-= Self.hash(name)
    }

    static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(name))
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
