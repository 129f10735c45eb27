import Facility
import FoundationEssentials
import Glibc

/// A file with wrapped key material: the material itself on one line, or JSON as the AWS command line prints it.
struct KeyMaterialFile {
    private let name: String
    private let content: [UInt8]

    /// The longest key block has 9,999 characters; this leaves room for JSON around it.
    private static let maximumByteCount = 64 << 10

    /// Reads the whole file; `-` is standard input.
    init(_ path: String) throws {
        name = path
        content = try Self.read(path)
    }

    /// The characters of the key block; one line end after them is ignored.
    func keyBlock() throws -> [UInt8] {
        guard content.first(where: { !Self.blanks.contains($0) }) == UInt8(ascii: "{") else {
            return Self.withoutLineEnd(content)
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(content)),
            let material = document.material
        else {
            throw CommandFailure(
                .badInput, at: name, "expected WrappedKey.KeyMaterial or KeyMaterial in the JSON document")
        }
        if let format = document.format, format != "TR31_KEY_BLOCK" {
            throw CommandFailure(
                .badInput, at: name,
                "WrappedKeyMaterialFormat: expected TR31_KEY_BLOCK, found '\(ShownText.line(format))'")
        }
        return Self.withoutLineEnd(Array(material.utf8))
    }

    /// What `aws payment-cryptography export-key` prints, or the inner part of it alone.
    private struct Document: Decodable {
        var wrappedKey: Inner?
        var keyMaterial: String?
        var wrappedKeyMaterialFormat: String?

        struct Inner: Decodable {
            var keyMaterial: String?
            var wrappedKeyMaterialFormat: String?

            enum CodingKeys: String, CodingKey {
                case keyMaterial = "KeyMaterial"
                case wrappedKeyMaterialFormat = "WrappedKeyMaterialFormat"
            }
        }

        enum CodingKeys: String, CodingKey {
            case wrappedKey = "WrappedKey"
            case keyMaterial = "KeyMaterial"
            case wrappedKeyMaterialFormat = "WrappedKeyMaterialFormat"
        }

        var material: String? { wrappedKey?.keyMaterial ?? keyMaterial }
        var format: String? { wrappedKey?.wrappedKeyMaterialFormat ?? wrappedKeyMaterialFormat }
    }

    private static let blanks = Array(" \t\r\n".utf8)

    private static func withoutLineEnd(_ text: [UInt8]) -> [UInt8] {
        guard text.last == UInt8(ascii: "\n") else { return text }
        let line = text.dropLast()
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : InputDescriptor.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            let failure = FileFailure("reading", path, code: errno)
            guard [ENOENT, ENOTDIR, EBADF].contains(failure.code) else { throw failure }
            throw CommandFailure(missing: failure)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("reading", path, code: errno) }
            bytes += buffer[..<count]
            guard bytes.count <= maximumByteCount else {
                throw CommandFailure(.badInput, at: path, "expected at most \(maximumByteCount) bytes, found more")
            }
        }
    }
}
