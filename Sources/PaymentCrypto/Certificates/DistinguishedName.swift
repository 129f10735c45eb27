import COpenSSL

/// A name as certificates have it, read from text as `openssl req -subj` takes it: `/C=GB/O=Example/CN=Key 1`.
///
/// A backslash takes away the meaning of the character behind it; `+` joins parts that stand together. See RFC 5280,
/// 4.1.2.4.
public struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
    /// The name in DER.
    public let der: [UInt8]
    /// For people, harmless to print.
    public let description: String

    /// Reads a name of one part or more.
    public init(_ text: some StringProtocol) throws(DistinguishedNameError) {
        guard let name = X509_NAME_new() else { throw .unusable(part: 1) }
        defer {
            X509_NAME_free(name)
            ERR_clear_error()
        }
        for (index, part) in try Self.parts(Array(text.utf8)).enumerated() {
            guard OBJ_txt2nid(part.type) != NID_undef else { throw .unknownType(part: index + 1) }
            // -1 puts it behind the last one; as a set of its own, or into the set before it.
            let isAdded = X509_NAME_add_entry_by_txt(
                name, part.type, MBSTRING_UTF8, part.value, Int32(part.value.count), -1, part.isJoined ? -1 : 0)
            guard isAdded == 1 else { throw .unusable(part: index + 1) }
        }
        der = OpenSSLObject.encoding(name, i2d_X509_NAME)
        description = OpenSSLObject.text(name)
    }

    private struct Part {
        var type = ""
        var value: [UInt8] = []
        let isJoined: Bool
    }

    private static func parts(_ text: [UInt8]) throws(DistinguishedNameError) -> [Part] {
        guard text.first == UInt8(ascii: "/") else { throw .noSlash }
        var parts: [Part] = []
        var rest = text[...]
        while let separator = rest.popFirst() {
            guard separator == UInt8(ascii: "/") || !parts.isEmpty else { throw .noSlash }
            var part = Part(isJoined: separator == UInt8(ascii: "+"))
            let type = take(&rest, until: "=")
            guard rest.popFirst() != nil, !type.isEmpty, type.allSatisfy(ASCII.isPrintable) else {
                throw .noValue(part: parts.count + 1)
            }
            part.type = String(decoding: type, as: UTF8.self)
            part.value = take(&rest, until: "/+")
            guard !part.value.isEmpty else { throw .noValue(part: parts.count + 1) }
            parts.append(part)
        }
        return parts
    }

    /// What comes before one of these characters or the end, without backslashes.
    private static func take(_ rest: inout ArraySlice<UInt8>, until ends: String) -> [UInt8] {
        var taken: [UInt8] = []
        while let character = rest.first, !ends.utf8.contains(character) {
            rest.removeFirst()
            if character == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                taken.append(escaped)
            } else {
                taken.append(character)
            }
        }
        return taken
    }
}

/// What is wrong with the text of a name; parts count from 1.
public enum DistinguishedNameError: Error, Equatable, Sendable {
    /// It does not begin with a slash.
    case noSlash
    /// A part without an equals sign, a type or a value.
    case noValue(part: Int)
    /// A type that is none, such as `CM` for `CN`.
    case unknownType(part: Int)
    /// A value that the type cannot have: too long, or with the wrong characters.
    case unusable(part: Int)
}

extension DistinguishedNameError: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .noSlash: "expected a name such as /O=Example/CN=Key 1, found something without a slash at its beginning"
        case .noValue(let part): "name, part \(part): expected TYPE=VALUE, found no type or no value"
        case .unknownType(let part): "name, part \(part): expected a type such as C, O, OU or CN, found another"
        case .unusable(let part):
            "name, part \(part): the type cannot have this value: too long, or of other characters"
        }
    }
}
