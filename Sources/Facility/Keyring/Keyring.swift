/// The keys and certificates of a site, each kind in the order of its names; no two have the same name.
public struct Keyring: Sendable {
    /// Every symmetric key.
    public private(set) var entries: [KeyringEntry] = []
    /// Keys some of whose components are still to come.
    public private(set) var waiting: [WaitingKey] = []
    /// Every RSA key, those of exchanges too.
    public private(set) var rsaKeys: [RSAKeyEntry] = []
    /// Every CA that the site trusts.
    public private(set) var anchors: [TrustAnchor] = []
    /// The site's own CAs, in the order in which they were made.
    var authorities: [SiteAuthority] = []
    /// The TR-34 tokens that came in.
    var tokenMemory = TokenMemory()

    /// No key yet.
    init() {}

    init(entries: [KeyringEntry], waiting: [WaitingKey], rsaKeys: [RSAKeyEntry], anchors: [TrustAnchor]) {
        (self.entries, self.waiting) = (entries, waiting)
        (self.rsaKeys, self.anchors) = (rsaKeys, anchors)
    }

    /// What a name of the keyring can stand for.
    public enum Kind: Equatable, Sendable, CustomStringConvertible {
        /// A key for TDES or AES.
        case symmetric
        /// A key for RSA.
        case rsa
        /// A trusted CA's certificate.
        case anchor

        /// In words.
        public var description: String {
            switch self {
            case .symmetric: "a TDES or AES key"
            case .rsa: "an RSA key"
            case .anchor: "a trust anchor"
            }
        }
    }

    /// What a name stands for; nil where it is free, or components wait under it.
    public func kind(of name: KeyName) -> Kind? {
        if entries.contains(where: { $0.name == name }) { return .symmetric }
        if rsaKeys.contains(where: { $0.name == name }) { return .rsa }
        return anchors.contains { $0.name == name } ? .anchor : nil
    }

    /// The key of this name.
    public func entry(_ name: KeyName) throws(FacilityError) -> KeyringEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        throw missing(name, .symmetric)
    }

    /// The RSA key of this name.
    public func rsaKey(_ name: KeyName) throws(FacilityError) -> RSAKeyEntry {
        if let key = rsaKeys.first(where: { $0.name == name }) { return key }
        throw missing(name, .rsa)
    }

    private func missing(_ name: KeyName, _ expected: Kind) -> FacilityError {
        if let waiting = waitingKey(name) { return .keyIncomplete(name, missing: waiting.missing, of: waiting.count) }
        return kind(of: name).map { .otherKind(name, expected: expected, found: $0) } ?? .keyMissing(name)
    }

    /// What has come of a key of this name that is not whole yet.
    public func waitingKey(_ name: KeyName) -> WaitingKey? { waiting.first { $0.name == name } }

    /// Refuses a name that stands for nothing.
    public func checkIsThere(_ name: KeyName) throws(FacilityError) {
        guard kind(of: name) != nil else { throw missing(name, .symmetric) }
    }

    /// Refuses a name that is taken.
    public func checkIsFree(_ name: KeyName) throws(FacilityError) {
        try checkHasNoKey(name)
        guard waitingKey(name) == nil else { throw .componentsWait(name) }
    }

    /// Refuses the name of a whole key; components may wait for one.
    public func checkHasNoKey(_ name: KeyName) throws(FacilityError) {
        guard let kind = kind(of: name) else { return }
        throw kind == .anchor ? .anchorExists(name) : .keyExists(name)
    }
}

extension Keyring {
    mutating func add(_ entry: KeyringEntry) throws(FacilityError) {
        try checkIsFree(entry.name)
        Self.insert(entry, into: &entries, \.name)
    }

    mutating func add(_ key: RSAKeyEntry) throws(FacilityError) {
        try checkIsFree(key.name)
        Self.insert(key, into: &rsaKeys, \.name)
    }

    mutating func add(_ anchor: TrustAnchor) throws(FacilityError) {
        try checkIsFree(anchor.name)
        Self.insert(anchor, into: &anchors, \.name)
    }

    /// Keeps what there is of a key, in the place of what there was.
    mutating func keep(_ key: WaitingKey) {
        waiting.removeAll { $0.name == key.name }
        Self.insert(key, into: &waiting, \.name)
    }

    private static func insert<Element>(
        _ new: Element, into list: inout [Element], _ name: KeyPath<Element, KeyName>
    ) {
        let place = list.firstIndex { $0[keyPath: name].description > new[keyPath: name].description }
        list.insert(new, at: place ?? list.endIndex)
    }

    /// Changes what is remembered about a key or an anchor.
    mutating func annotate(
        _ name: KeyName, _ edit: (inout KeyAnnotations) throws(FacilityError) -> Void
    ) throws(FacilityError) {
        if let index = entries.firstIndex(where: { $0.name == name }) {
            try edit(&entries[index].annotations)
        } else if let index = rsaKeys.firstIndex(where: { $0.name == name }) {
            try edit(&rsaKeys[index].annotations)
        } else if let index = anchors.firstIndex(where: { $0.name == name }) {
            try edit(&anchors[index].annotations)
        } else {
            throw missing(name, .symmetric)
        }
    }

    /// Changes an RSA key.
    mutating func update(_ name: KeyName, _ edit: (inout RSAKeyEntry) -> Void) throws(FacilityError) {
        guard let index = rsaKeys.firstIndex(where: { $0.name == name }) else { throw missing(name, .rsa) }
        edit(&rsaKeys[index])
    }

    /// Removes a key, an anchor, or the components that wait for a key.
    mutating func remove(_ name: KeyName) throws(FacilityError) {
        if waitingKey(name) == nil { try checkIsThere(name) }
        entries.removeAll { $0.name == name }
        waiting.removeAll { $0.name == name }
        rsaKeys.removeAll { $0.name == name }
        anchors.removeAll { $0.name == name }
    }
}
