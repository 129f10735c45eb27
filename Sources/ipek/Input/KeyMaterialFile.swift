import Facility
import FoundationEssentials
import PaymentCrypto

/// A file with wrapped key material: the material itself on one line, or JSON as the AWS command line prints it.
struct KeyMaterialFile {
    private let name: String
    private let content: [UInt8]

    /// The longest token as text; this leaves room for JSON around it.
    private static let maximumByteCount = UnverifiedTR34Token.mostTextBytes + (64 << 10)

    /// Reads the whole file; `-` is standard input.
    init(_ path: String) throws {
        name = path
        content = try InputFile.read(path, maximumByteCount: Self.maximumByteCount)
    }

    /// The material; one line end after it is ignored.
    ///
    /// - Parameter format: what a JSON document must say that it holds, if it says anything.
    func material(_ format: WrappedKeyFormat) throws -> [UInt8] {
        guard let document = try document() else { return isBinary ? content : Self.withoutLineEnd(content) }
        if let found = document.format, found != format.rawValue {
            throw CommandFailure(
                .badInput, at: name,
                "WrappedKeyMaterialFormat: expected \(format.rawValue), found '\(ShownText.line(found))'")
        }
        return Self.withoutLineEnd(Array(document.material.utf8))
    }

    /// The material, and what it is: what a JSON document says, or else what it looks like.
    ///
    /// A key block begins with the letter of its version, a token with the tag of a SEQUENCE or as PEM does.
    func inspected() throws -> (format: WrappedKeyFormat, material: [UInt8]) {
        let document = try document()
        let text = document.map { Array($0.material.utf8) } ?? content
        let material = document == nil && isBinary ? content : Self.withoutLineEnd(text)
        if let said = document?.format {
            guard let format = WrappedKeyFormat(rawValue: said) else {
                throw CommandFailure(
                    .badInput, at: name,
                    "WrappedKeyMaterialFormat: expected TR31_KEY_BLOCK or TR34_KEY_BLOCK, found"
                        + " '\(ShownText.line(said))'")
            }
            return (format, material)
        }
        let starts = [[0x30], Array("30".utf8), Array("-----BEGIN".utf8)]
        let visible = material.drop { Self.blanks.contains($0) }
        return (starts.contains { visible.starts(with: $0) } ? .token : .keyBlock, material)
    }

    /// The check value that a JSON document gives with the material; nil where it gives none.
    func statedCheckValue() throws -> StatedCheckValue? {
        guard let document = try document(), let text = document.checkValue else { return nil }
        guard let stated = StatedCheckValue(text, algorithm: document.checkValueAlgorithm) else {
            throw CommandFailure(
                .badInput, at: name,
                "KeyCheckValue: expected 4 to 10 hexadecimal digits of ANSI_X9_24 or CMAC, found something else")
        }
        return stated
    }

    /// Whether it is DER: the bytes of a SEQUENCE, whose last one may look like a line end.
    private var isBinary: Bool {
        content.first == 0x30 && content.contains { !(0x20...0x7E).contains($0) && !Self.blanks.contains($0) }
    }

    private func document() throws -> Contents? {
        guard content.first(where: { !Self.blanks.contains($0) }) == UInt8(ascii: "{") else { return nil }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(content)),
            let material = document.material
        else {
            throw CommandFailure(
                .badInput, at: name, "expected WrappedKey.KeyMaterial or KeyMaterial in the JSON document")
        }
        let inner = document.wrappedKey
        return Contents(
            material: material, format: document.format,
            checkValue: inner?.keyCheckValue ?? document.keyCheckValue,
            checkValueAlgorithm: inner?.keyCheckValueAlgorithm ?? document.keyCheckValueAlgorithm)
    }

    private struct Contents {
        var material: String
        var format: String?
        var checkValue: String?
        var checkValueAlgorithm: String?
    }

    /// What `aws payment-cryptography export-key` prints, or the inner part of it alone.
    private struct Document: Decodable {
        var wrappedKey: Inner?
        var keyMaterial: String?
        var wrappedKeyMaterialFormat: String?
        var keyCheckValue: String?
        var keyCheckValueAlgorithm: String?

        struct Inner: Decodable {
            var keyMaterial: String?
            var wrappedKeyMaterialFormat: String?
            var keyCheckValue: String?
            var keyCheckValueAlgorithm: String?

            enum CodingKeys: String, CodingKey {
                case keyMaterial = "KeyMaterial"
                case wrappedKeyMaterialFormat = "WrappedKeyMaterialFormat"
                case keyCheckValue = "KeyCheckValue"
                case keyCheckValueAlgorithm = "KeyCheckValueAlgorithm"
            }
        }

        enum CodingKeys: String, CodingKey {
            case wrappedKey = "WrappedKey"
            case keyMaterial = "KeyMaterial"
            case wrappedKeyMaterialFormat = "WrappedKeyMaterialFormat"
            case keyCheckValue = "KeyCheckValue"
            case keyCheckValueAlgorithm = "KeyCheckValueAlgorithm"
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
}

/// What AWS calls the forms in which a key travels.
enum WrappedKeyFormat: String {
    /// A TR-31 or X9.143 key block.
    case keyBlock = "TR31_KEY_BLOCK"
    /// A TR-34 token.
    case token = "TR34_KEY_BLOCK"
    /// A cryptogram under an RSA key.
    case cryptogram = "KEY_CRYPTOGRAM"

    /// The form of one way out.
    init(_ transport: KeyTransport) {
        switch transport {
        case .tr31: self = .keyBlock
        case .tr34: self = .token
        case .rsaOAEP: self = .cryptogram
        }
    }
}
