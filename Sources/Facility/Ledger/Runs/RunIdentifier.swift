/// What a run is called for ever: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, as in `run.json`.
///
/// It is the name of a file in the site's `runs/`, too.
public struct RunIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The text as it was given.
    public let description: String

    /// Nil for anything that is no identifier.
    public init?(_ text: String) {
        // The same grammar as a key's name: nothing that leaves a folder, nothing that a shell or a page would obey.
        guard KeyName(text) != nil else { return nil }
        description = text
    }
}
