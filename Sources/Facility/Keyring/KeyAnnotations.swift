/// What is remembered about a key and changes while the key does not.
public struct KeyAnnotations: Sendable, Equatable {
    /// The facility's own words, by name.
    public var tags: [String: String] = [:]
    /// Why and since when the key does no more than verify and reconcile; nil while it is in use.
    public var retirement: Retirement?

    /// Nothing is remembered yet.
    public init() {}
}

/// The end of a key's use.
public struct Retirement: Codable, Sendable, Equatable {
    /// Why, in the operator's words.
    public var reason: String
    /// When, UTC.
    public var date: String

    /// A key that is retired now; nil where the reason is none, or not one line of at most 200 printable characters.
    public init?(reason: String) {
        let reason = reason.split(separator: " ").joined(separator: " ")
        guard (1...200).contains(reason.unicodeScalars.count), CustodyName.isPrintable(reason) else { return nil }
        self.reason = reason
        date = Timestamp.now
    }
}
