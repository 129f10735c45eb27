import FoundationEssentials
import PaymentCrypto

/// A JSON file whose last two members are a MAC and a digest over every byte before them.
///
/// The digest tells damage to anybody; the MAC tells, to whoever has the master key, that nobody without it has been
/// there. Both are over the bytes as they lie in the file, so nothing depends on how JSON is written.
struct AuthenticatedDocument: Sendable {
    /// The JSON object without its last line.
    private let content: [UInt8]
    private let code: AuthenticationCode

    private static let digestLength = 64
    private static let codeLabel = Array(",\n  \"mac\" : \"".utf8)
    private static let codeEnd = Array("\"".utf8)
    private static let digestLabel = Array(",\n  \"sha256\" : \"".utf8)
    private static let digestEnd = Array("\"\n}\n".utf8)
    private static let objectEnd = Array("\n}".utf8)

    /// Takes a file apart; nil where it is not whole.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard let digest = Self.takeLast(&rest, label: Self.digestLabel, end: Self.digestEnd),
            digest == Hexadecimal.text(ContentDigest.sha256(rest)),
            let text = Self.takeLast(&rest, label: Self.codeLabel, end: Self.codeEnd),
            let code = AuthenticationCode(text)
        else { return nil }
        content = Array(rest)
        self.code = code
    }

    /// Writes a value down under the master key.
    static func encode(
        _ value: some Encodable, under masterKey: borrowing MasterKey, for purpose: MasterKey.Purpose
    ) throws(FacilityError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(value), json.suffix(objectEnd.count).elementsEqual(objectEnd) else {
            throw .internalFault("a document could not be written as JSON")
        }
        let content = Array(json.dropLast(objectEnd.count))
        let code = try FacilityError.converting {
            try masterKey.authenticationCode(purpose, over: content)
        }
        let covered = content + codeLabel + Array(code.description.utf8) + codeEnd
        return covered + digestLabel + Array(Hexadecimal.text(ContentDigest.sha256(covered)).utf8) + digestEnd
    }

    /// The value, not yet proved to be genuine.
    func decode<Value: Decodable>(_: Value.Type) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(content + Self.objectEnd))
    }

    /// Whether it was written under this master key.
    func isGenuine(under masterKey: borrowing MasterKey, for purpose: MasterKey.Purpose) throws(EngineError) -> Bool {
        try masterKey.authenticationCode(purpose, over: content) == code
    }

    private static func takeLast(_ rest: inout ArraySlice<UInt8>, label: [UInt8], end: [UInt8]) -> String? {
        let length = label.count + digestLength + end.count
        let tail = rest.suffix(length)
        guard tail.count == length, tail.starts(with: label), tail.suffix(end.count).elementsEqual(end) else {
            return nil
        }
        rest = rest.dropLast(length)
        return String(decoding: tail.dropFirst(label.count).prefix(digestLength), as: UTF8.self)
    }
}
