/// The keys of a site, in the order of their names.
public struct Keyring: Sendable {
    /// Every key.
    public private(set) var entries: [KeyringEntry]
    /// Keys some of whose components are still to come, in the order of their names.
    public private(set) var waiting: [WaitingKey]

    /// No key yet.
    init() {
        entries = []
        waiting = []
    }

    /// The key of this name.
    public func entry(_ name: KeyName) throws(FacilityError) -> KeyringEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        if let waiting = waitingKey(name) { throw .keyIncomplete(name, missing: waiting.missing, of: waiting.count) }
        throw .keyMissing(name)
    }

    /// What has come of a key of this name that is not whole yet.
    public func waitingKey(_ name: KeyName) -> WaitingKey? { waiting.first { $0.name == name } }

    /// Refuses a name that is taken.
    public func checkIsFree(_ name: KeyName) throws(FacilityError) {
        try checkHasNoKey(name)
        guard waitingKey(name) == nil else { throw .componentsWait(name) }
    }

    /// Refuses the name of a whole key; components may wait for one.
    public func checkHasNoKey(_ name: KeyName) throws(FacilityError) {
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

    /// Removes a key, or the components that wait for one.
    mutating func remove(_ name: KeyName) throws(FacilityError) {
        if waitingKey(name) == nil { _ = try entry(name) }
        entries.removeAll { $0.name == name }
        waiting.removeAll { $0.name == name }
    }

    /// Keeps what there is of a key, in the place of what there was.
    mutating func keep(_ key: WaitingKey) {
        waiting.removeAll { $0.name == key.name }
        let place = waiting.firstIndex { $0.name.description > key.name.description } ?? waiting.endIndex
        waiting.insert(key, at: place)
    }
}

extension Keyring {
    static let fileName = "keyring.json"

    /// `keyring.json`, member by member.
    struct Document: Codable {
        static let currentSchema = 1

        var schema = Document.currentSchema
        var keys: [KeyringEntry.Member]
        /// Missing where nothing waits, as in every file of an earlier version.
        var waiting: [WaitingKey.Member]?
    }

    var document: Document {
        Document(keys: entries.map(\.member), waiting: waiting.isEmpty ? nil : waiting.map(\.member))
    }

    /// Nil where an entry is none that this tool writes, or two have the same name.
    init?(_ document: Document) {
        guard document.schema == Document.currentSchema else { return nil }
        entries = document.keys.compactMap { KeyringEntry($0) }
        waiting = document.waiting?.compactMap { WaitingKey($0) } ?? []
        let names = entries.map(\.name) + waiting.map(\.name)
        guard entries.count == document.keys.count, waiting.count == document.waiting?.count ?? 0,
            Set(names).count == names.count
        else { return nil }
    }
}
