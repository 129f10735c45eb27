/// The members of a JSON object, taken out one by one; what is left over at the end is refused by name.
///
/// A member that is misspelt would otherwise be one that is not there, and a key would leave with a wider header than
/// was asked for.
struct RequestObject {
    private let path: String
    private var members: [String: JSONValue]

    /// The document itself.
    init(_ document: JSONValue) throws(RequestError) {
        try self.init(document, path: "")
    }

    private init(_ value: JSONValue, path: String) throws(RequestError) {
        guard case .object(let members) = value else {
            throw .type(path: path.isEmpty ? "the document" : path, expected: "an object", found: value.kind)
        }
        // Null is how some programs write what is not there.
        (self.path, self.members) = (path, members.filter { $0.value != .null })
    }

    /// The names of what has not been taken out.
    var names: [String] { members.keys.sorted() }

    /// Where it stands itself.
    var location: String { path.isEmpty ? "the document" : path }

    /// Where a member stands.
    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// A text that need not be there.
    mutating func text(_ name: String) throws(RequestError) -> String? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        guard case .string(let text) = value else {
            throw .type(path: path(of: name), expected: "a text", found: value.kind)
        }
        return text
    }

    /// A text that must be there.
    mutating func requiredText(_ name: String) throws(RequestError) -> String {
        guard let text = try text(name) else { throw .missing(path(of: name)) }
        return text
    }

    /// True or false; false where it is not there.
    mutating func flag(_ name: String) throws(RequestError) -> Bool {
        guard let value = members.removeValue(forKey: name) else { return false }
        guard case .boolean(let flag) = value else {
            throw .type(path: path(of: name), expected: "true or false", found: value.kind)
        }
        return flag
    }

    /// An object that need not be there.
    mutating func object(_ name: String) throws(RequestError) -> RequestObject? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        return try RequestObject(value, path: path(of: name))
    }

    /// Refuses what nobody has taken out.
    func finish() throws(RequestError) {
        if let name = names.first { throw .unknown(path(of: name)) }
    }
}

/// What is wrong with a request; equal by kind.
enum RequestError: Error, Equatable, CustomStringConvertible {
    /// It is no JSON document.
    case notJSON
    /// A member must be there.
    case missing(String)
    /// A member that this tool does not know.
    case unknown(String)
    /// A member of another type.
    case type(path: String, expected: String, found: String)
    /// A member with a value that does not suit.
    case value(path: String, expected: String, found: String)

    /// Expected and found.
    var description: String {
        switch self {
        case .notJSON: "expected a JSON document"
        case .missing(let path): "expected the member \(path), found none"
        case .unknown(let path): "the member \(path) is not known"
        case .type(let path, let expected, let found), .value(let path, let expected, let found):
            "\(path): expected \(expected), found \(found)"
        }
    }
}
