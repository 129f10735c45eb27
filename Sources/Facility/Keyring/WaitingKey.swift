public import PaymentCrypto

/// A key some of whose components are still to come, and those that wait for them.
public struct WaitingKey: Sendable {
    /// The name of the key to be.
    public let name: KeyName
    /// The cipher and length of the key and of each component.
    public let algorithm: KeyAlgorithm
    /// How many components it takes.
    public let count: Int
    /// What the key will be allowed to do.
    public let header: KeyBlockHeader
    /// The check value that the key must have, if one was given so far.
    public internal(set) var expectedCheckValue: ExpectedCheckValue?
    /// What is there, in the order of the components' numbers.
    var components: [Component] = []

    struct Component: Sendable {
        let custody: CustodyRecord
        /// The component under the master key, with its number as its key version.
        let keyBlock: String
    }

    /// Who brought what there is.
    public var custody: [CustodyRecord] { components.map(\.custody) }

    /// The numbers of the components that are still to come.
    public var missing: [Int] {
        let present = Set(components.map(\.custody.number))
        return (1...count).filter { !present.contains($0) }
    }

    mutating func add(_ component: Component) {
        components.append(component)
        components.sort { $0.custody.number < $1.custody.number }
    }

    /// What is waited for, in words: `components 2 and 3 of 3 are still to come`.
    static func words(missing: [Int], of count: Int) -> String {
        let numbers = missing.map(String.init)
        guard let last = numbers.last, numbers.count > 1 else {
            return "component \(numbers.joined()) of \(count) is still to come"
        }
        return "components \(numbers.dropLast().joined(separator: ", ")) and \(last) of \(count) are still to come"
    }

    /// What is waited for, in words.
    public var statement: String { Self.words(missing: missing, of: count) }
}

extension WaitingKey {
    /// A waiting key as text, member by member.
    struct Member: Codable, Sendable {
        var name: String
        var algorithm: String
        var count: Int
        var keyVersion: String
        var expectedCheckValue: String?
        var components: [ComponentMember]

        enum CodingKeys: String, CodingKey {
            case name, algorithm, count, components
            case keyVersion = "key_version"
            case expectedCheckValue = "expected_kcv"
        }
    }

    struct ComponentMember: Codable, Sendable {
        var custody: CustodyRecord
        var keyBlock: String

        enum CodingKeys: String, CodingKey {
            case custody
            case keyBlock = "key_block"
        }
    }

    var member: Member {
        Member(
            name: name.description, algorithm: algorithm.rawValue, count: count,
            keyVersion: header.keyVersion.description, expectedCheckValue: expectedCheckValue?.description,
            components: components.map { ComponentMember(custody: $0.custody, keyBlock: $0.keyBlock) })
    }

    /// Nil where the members are none that this tool writes.
    init?(_ member: Member) {
        guard let name = KeyName(member.name), let algorithm = KeyAlgorithm(rawValue: member.algorithm),
            (2...KeyComponents.maximumCount).contains(member.count),
            let version = KeyVersionNumber(member.keyVersion),
            (1..<member.count).contains(member.components.count),
            let first = member.components.first,
            var header = (try? UnverifiedKeyBlock(first.keyBlock))?.header,
            header.algorithm == KeyBlockAlgorithm(algorithm)
        else { return nil }
        header.keyVersion = version
        self.init(name: name, algorithm: algorithm, count: member.count, header: header)
        expectedCheckValue = member.expectedCheckValue.flatMap { ExpectedCheckValue($0) }
        guard (expectedCheckValue == nil) == (member.expectedCheckValue == nil) else { return nil }
        components = member.components.compactMap { component($0) }
        let numbers = components.map(\.custody.number)
        guard numbers.count == member.components.count, Set(numbers).count == numbers.count,
            numbers.allSatisfy((1...count).contains)
        else { return nil }
    }

    /// Nil where the key block is not that of this component of this key.
    private func component(_ member: ComponentMember) -> Component? {
        guard var found = (try? UnverifiedKeyBlock(member.keyBlock))?.header,
            found.keyVersion.componentNumber == member.custody.number
        else { return nil }
        found.keyVersion = header.keyVersion
        return found == header ? Component(custody: member.custody, keyBlock: member.keyBlock) : nil
    }

    init(name: KeyName, algorithm: KeyAlgorithm, count: Int, header: KeyBlockHeader) {
        self.name = name
        self.algorithm = algorithm
        self.count = count
        self.header = header
    }
}
