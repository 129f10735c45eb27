/// One custodian's full-length component of a key: typed or read, checked, and never given out again.
public struct KeyComponent: ~Copyable, Sendable {
    let key: SymmetricKey

    /// A component that was taken in before and waited in a key block.
    ///
    /// It was checked when it was typed, so this checks nothing.
    public init(waiting key: consuming SymmetricKey) {
        self.key = key
    }

    /// Lends the component as the key that a key block can hold while the others are still to come.
    public borrowing func withKey<R: ~Copyable, E: Error>(
        _ body: (borrowing SymmetricKey) throws(E) -> R
    ) throws(E) -> R {
        try body(key)
    }

    /// Reads hexadecimal digits in either case; blanks and tabs between them are ignored.
    public init(_ line: borrowing SecretLine, algorithm: KeyAlgorithm) throws(KeyComponentError) {
        let key = try line.withExposedBytes { text throws(KeyComponentError) in
            try SymmetricKey(algorithm: algorithm) { memory throws(KeyComponentError) in
                try Self.read(text, into: memory)
            }
        }
        guard !key.isZero else { throw .zeroComponent }
        self.key = key
    }

    /// The check value by which its custodian knows it.
    public func checkValue() throws(EngineError) -> CheckValue { try key.checkValue() }

    /// Whether both are the same component, in constant time.
    public borrowing func isEqual(to other: borrowing KeyComponent) -> Bool { key.isEqual(to: other.key) }

    private static func read(
        _ text: UnsafeRawBufferPointer, into memory: UnsafeMutableRawBufferPointer
    ) throws(KeyComponentError) {
        var count = 0
        for (offset, character) in text.enumerated() where character != UInt8(ascii: " ") && character != 0x09 {
            guard let digit = Hexadecimal.value(of: character) else { throw .notHexadecimal(position: offset + 1) }
            if count / 2 < memory.count {
                memory[count / 2] = memory[count / 2] << 4 | digit
            }
            count += 1
        }
        guard count == 2 * memory.count else { throw .wrongLength(expected: 2 * memory.count, found: count) }
    }
}

/// The components of one key as they come in; their XOR is the key.
///
/// Each has the full length of the key, so that less than all of them tell nothing. See PCI PIN v3.1, requirement 21-1.
public struct KeyComponents: ~Copyable {
    /// The most components of one key.
    public static let maximumCount = 9

    /// The algorithm of the key and of each component.
    public let algorithm: KeyAlgorithm
    /// How many there are.
    public var count: Int { numbers.count }

    /// What each one is called in messages.
    private var numbers: [Int] = []
    private let scratch: SecretScratch

    /// None yet.
    public init(algorithm: KeyAlgorithm) {
        self.algorithm = algorithm
        scratch = SecretScratch(byteCount: algorithm.byteCount * Self.maximumCount)
    }

    /// Adds a component; one that is there already is refused, since two equal ones cancel each other out.
    ///
    /// - Parameter number: what it is called in messages; without one they are counted from 1 as they come.
    public mutating func add(
        _ component: borrowing KeyComponent, number: Int? = nil
    ) throws(KeyComponentError) {
        precondition(component.key.algorithm == algorithm && count < Self.maximumCount)
        let twin = component.key.bytes.withExposedBytes { bytes in
            (0..<count).first { isEqualApartFromParity(UnsafeRawBufferPointer(slot($0)), bytes) }
        }
        let number = number ?? count + 1
        if let twin { throw .equalComponents(first: numbers[twin], second: number) }
        component.key.bytes.withExposedBytes { slot(count).copyMemory(from: $0) }
        numbers.append(number)
    }

    /// The key, with its parity bits as they fall.
    ///
    /// Zero is refused, and so is TDES that is no more than DES or has a weak or semi-weak DES key in it.
    public borrowing func combine() throws(KeyComponentError) -> SymmetricKey {
        let key = SymmetricKey(algorithm: algorithm) { memory in
            for component in 0..<count {
                let bytes = slot(component)
                for index in memory.indices { memory[index] ^= bytes[index] }
            }
        }
        guard !key.isZero else { throw .zeroKey }
        guard !key.isSingleDES else { throw .singleDES }
        guard !key.hasWeakDESPart else { throw .weakDESPart }
        return key
    }

    private func isEqualApartFromParity(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let mask: UInt8 = algorithm.isTDES ? 0xFE : 0xFF
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) & mask } == 0
    }

    private func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
        let size = algorithm.byteCount
        return UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[(index * size)..<((index + 1) * size)])
    }
}

/// What is wrong with a component or with what components give; never what they hold.
public enum KeyComponentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A character that is neither a hexadecimal digit nor a blank; `position` counts from 1.
    case notHexadecimal(position: Int)
    /// Not the key's own length.
    case wrongLength(expected: Int, found: Int)
    /// A component without a bit set, which adds nothing.
    case zeroComponent
    /// Two components are the same; they count from 1.
    case equalComponents(first: Int, second: Int)
    /// All components together cancel each other out.
    case zeroKey
    /// A TDES key with two equal neighbouring parts.
    case singleDES
    /// A TDES key with a part that is a weak or semi-weak DES key.
    case weakDESPart

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .notHexadecimal(let position): "character \(position) is not a hexadecimal digit (value not shown)"
        case .wrongLength(let expected, let found): "expected \(expected) hexadecimal digits, found \(found)"
        case .zeroComponent: "the component is zero"
        case .equalComponents(let first, let second): "components \(first) and \(second) are equal"
        case .zeroKey: "the components give a key of zeros"
        case .singleDES: "the components give a TDES key with two equal halves, which is no stronger than DES"
        case .weakDESPart: "the components give a TDES key with a weak or semi-weak DES key in it"
        }
    }
}
