extension TokenURI {
    /// Reads a URI by the grammar of RFC 7512, 2.3, and refuses whatever it does not have.
    ///
    /// One liberty: `pin-source`, `module-path` and `module-name` may also stand in the path, as many tools write them.
    public init(_ text: some StringProtocol) throws(TokenURIError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumByteCount else { throw .tooLong(found: bytes.count) }
        guard String(decoding: bytes.prefix(Self.scheme.count), as: UTF8.self).lowercased() == Self.scheme else {
            throw .scheme
        }
        let rest = bytes.dropFirst(Self.scheme.count)
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        let query = rest[path.endIndex...].dropFirst()
        var reader = Reader()
        try reader.read(path, separator: UInt8(ascii: ";"), isQuery: false)
        try reader.read(query, separator: UInt8(ascii: "&"), isQuery: true)
        guard reader.values[.moduleName] == nil || reader.values[.modulePath] == nil else { throw .twoModules }
        self.init(values: reader.values)
    }

    private static let scheme = "pkcs11:"
}

/// Collects the attributes of a path and a query.
private struct Reader {
    var values: [TokenURI.Attribute: [UInt8]] = [:]

    mutating func read(_ part: ArraySlice<UInt8>, separator: UInt8, isQuery: Bool) throws(TokenURIError) {
        guard !part.isEmpty else { return }
        for field in part.split(separator: separator, omittingEmptySubsequences: false) {
            try read(field, isQuery: isQuery)
        }
    }

    private mutating func read(_ field: ArraySlice<UInt8>, isQuery: Bool) throws(TokenURIError) {
        guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else {
            throw .noValue(position: field.startIndex + 1)
        }
        let attribute = try Self.attribute(field[..<equals])
        guard !isQuery || attribute.isQuery else { throw .misplaced(attribute.rawValue) }
        guard values[attribute] == nil else { throw .repeated(attribute.rawValue) }
        let value: [UInt8]
        do throws(PercentEncoding.Fault) {
            // A path attribute's slash has to be escaped, but not the one of a module that stands in the path.
            value = try PercentEncoding.decode(field[(equals + 1)...], isQuery: attribute.isQuery)
        } catch {
            switch error {
            case .character(let index): throw .character(position: index + 1)
            case .escape(let index): throw .escape(position: index + 1)
            }
        }
        try Self.check(value, of: attribute)
        values[attribute] = value
    }

    private static func attribute(_ name: ArraySlice<UInt8>) throws(TokenURIError) -> TokenURI.Attribute {
        if let unprintable = name.firstIndex(where: { !(0x21...0x7E).contains($0) }) {
            throw .character(position: unprintable + 1)
        }
        let text = String(decoding: name, as: UTF8.self)
        if text == "pin-value" { throw .pinValue }
        guard let attribute = TokenURI.Attribute(rawValue: text) else {
            throw .unknownAttribute(String(text.prefix(40)))
        }
        return attribute
    }

    private static func check(_ value: [UInt8], of attribute: TokenURI.Attribute) throws(TokenURIError) {
        let name = attribute.rawValue
        if attribute == .id { return }
        guard let text = String(validating: value, as: UTF8.self), !value.contains(0) else {
            throw .value(name, expected: "UTF-8 without a zero byte")
        }
        switch attribute {
        case .type:
            guard TokenURI.ObjectType(rawValue: text) != nil else {
                let known = TokenURI.ObjectType.allCases.map(\.rawValue).joined(separator: ", ")
                throw .value(name, expected: "one of \(known)")
            }
        case .slotID:
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), UInt(text) != nil else {
                throw .value(name, expected: "a decimal number")
            }
        case .libraryVersion:
            guard LibraryVersion(text) != nil else { throw .value(name, expected: "a version such as 2 or 2.40") }
        case .modulePath:
            guard text.hasPrefix("/") else { throw .value(name, expected: "an absolute path") }
        case .token, .manufacturer, .slotManufacturer, .libraryManufacturer, .libraryDescription:
            try limit(value, of: name, to: 32)
        case .slotDescription: try limit(value, of: name, to: 64)
        case .serial, .model: try limit(value, of: name, to: 16)
        case .object, .id, .pinSource, .moduleName: break
        }
    }

    /// The fields of PKCS#11 have fixed lengths: a longer value would match nothing.
    private static func limit(_ value: [UInt8], of name: String, to count: Int) throws(TokenURIError) {
        guard value.count <= count else { throw .value(name, expected: "at most \(count) bytes") }
    }
}

/// The version of a module, such as 2 or 2.40, each number up to 255.
struct LibraryVersion: Equatable {
    let major: UInt8
    let minor: UInt8

    init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }),
            let major = UInt8(parts[0]), let minor = parts.count == 2 ? UInt8(parts[1]) : 0
        else { return nil }
        self.init(major: major, minor: minor)
    }
}
