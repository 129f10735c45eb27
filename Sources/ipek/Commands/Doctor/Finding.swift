/// What one check of `doctor` found, and what to do about it.
struct Finding: Encodable, Sendable {
    /// How much it matters.
    enum State: String, Encodable, Sendable {
        /// As it should be.
        case ok
        /// Worth knowing.
        case notice
        /// Better put right before real keys are used.
        case warning
        /// Must be put right.
        case error
    }

    let name: String
    let state: State
    let found: String
    let remedy: String?

    init(_ name: String, _ state: State, _ found: String, remedy: String? = nil) {
        self.name = name
        self.state = state
        self.found = ShownText.line(found)
        self.remedy = remedy.map(ShownText.line)
    }

    private enum CodingKeys: String, CodingKey {
        case name, state, found, remedy
    }

    /// All four names are always there; what is missing is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(state, forKey: .state)
        try container.encode(found, forKey: .found)
        try container.encode(remedy, forKey: .remedy)
    }

    /// `state  name: found`, and the remedy below.
    var text: String {
        let state = state.rawValue
        let line = "\(state)\(String(repeating: " ", count: 9 - state.count))\(name): \(found)"
        return remedy.map { "\(line)\n         do: \($0)" } ?? line
    }
}
