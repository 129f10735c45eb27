/// How much a key block may deviate from X9.143 and still be opened.
public enum KeyBlockStrictness: Sendable, Hashable {
    /// As the standard has it: what an importer should refuse is refused.
    case strict
    /// As real devices send it: whatever can be read without doubt is opened, and each deviation is reported.
    case lenient
}
