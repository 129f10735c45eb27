/// The keys of a site, in the order of their names.
public struct Keyring: Sendable {
    /// Every key.
    public private(set) var entries: [KeyringEntry]

    /// No key yet.
    init() {
        entries = []
    }

    /// The key of this name.
    public func entry(_ name: KeyName) throws(FacilityError) -> KeyringEntry {
        guard let entry = entries.first(where: { $0.name == name }) else { throw .keyMissing(name) }
        return entry
    }

    /// Refuses a name that is taken.
    public func checkIsFree(_ name: KeyName) throws(FacilityError) {
        guard !entries.contains(where: { $0.name == name }) else { throw .keyExists(name) }
    }

    mutating func add(_ entry: KeyringEntry) throws(FacilityError) {
        try checkIsFree(entry.name)
        let place = entries.firstIndex { $0.name.description > entry.name.description } ?? entries.endIndex
        entries.insert(entry, at: place)
    }

    /// Changes what is remembered about a key.
    mutating func annotate(
        _ name: KeyName, _ edit: (inout KeyAnnotations) throws(FacilityError) -> Void
    ) throws(FacilityError) {
        guard let index = entries.firstIndex(where: { $0.name == name }) else { throw .keyMissing(name) }
        try edit(&entries[index].annotations)
    }

    mutating func remove(_ name: KeyName) throws(FacilityError) {
        _ = try entry(name)
        entries.removeAll { $0.name == name }
    }
}

extension Keyring {
    static let fileName = "keyring.json"

    /// `keyring.json`, member by member.
    struct Document: Codable {
        static let currentSchema = 1

        var schema = Document.currentSchema
        var keys: [KeyringEntry.Member]
    }

    var document: Document { Document(keys: entries.map(\.member)) }

    /// Nil where an entry is none that this tool writes, or two have the same name.
    init?(_ document: Document) {
        guard document.schema == Document.currentSchema else { return nil }
        entries = document.keys.compactMap { KeyringEntry($0) }
        guard entries.count == document.keys.count, Set(entries.map(\.name)).count == entries.count else { return nil }
    }
}
