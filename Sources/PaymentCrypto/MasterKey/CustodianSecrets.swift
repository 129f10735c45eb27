/// The stretched passphrases of custodians, in the order in which they were entered.
///
/// A passphrase goes through scrypt as soon as it is there and is needed no longer.
public struct CustodianSecrets: ~Copyable {
    /// The most custodians that a site can have: the master key is sealed once for each quorum of them.
    public static let maximumCount = 5

    static let byteCount = 32

    /// How passphrases are stretched.
    public let scrypt: ScryptParameters
    /// How many there are.
    public private(set) var count = 0

    private let scratch = SecretScratch(byteCount: maximumCount * byteCount)

    /// None yet.
    public init(scrypt: ScryptParameters) {
        self.scrypt = scrypt
    }

    /// Stretches a custodian's passphrase; one that another custodian has already is refused.
    public mutating func add(_ passphrase: borrowing Passphrase) throws(CustodianError) {
        let secret: SecretBytes
        do throws(EngineError) { secret = try scrypt.stretch(passphrase) } catch { throw .engine(error) }
        try secret.withExposedBytes { bytes throws(CustodianError) in try add(bytes) }
    }

    mutating func add(_ secret: UnsafeRawBufferPointer) throws(CustodianError) {
        guard count < Self.maximumCount else { throw .tooMany }
        if let twin = position(of: secret) { throw .samePassphrase(custodian: twin + 1, and: count + 1) }
        slot(count).copyMemory(from: secret)
        count += 1
    }

    /// Puts another secret in one's place; neither another custodian's nor the one that is there.
    mutating func replace(_ index: Int, with secret: UnsafeRawBufferPointer) throws(CustodianError) {
        if let twin = position(of: secret) {
            throw twin == index ? .unchangedPassphrase : .samePassphrase(custodian: twin + 1, and: index + 1)
        }
        slot(index).copyMemory(from: secret)
    }

    func position(of secret: UnsafeRawBufferPointer) -> Int? {
        (0..<count).first { constantTimeEqual(self[$0], secret) }
    }

    subscript(_ index: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(slot(index)) }

    /// The key for one set of custodians, whatever the order in which they came.
    ///
    /// HKDF's extract step over the sorted secrets; see RFC 5869, clause 2.2.
    func key(for members: [Int]) throws(EngineError) -> SecretBytes {
        let sorted = members.sorted { self[$0].lexicographicallyPrecedes(self[$1]) }
        let joined = SecretBytes(count: members.count * Self.byteCount) { memory in
            for (place, member) in sorted.enumerated() {
                UnsafeMutableRawBufferPointer(rebasing: memory[(place * Self.byteCount)...]).copyMemory(
                    from: self[member])
            }
        }
        let salt = scrypt.salt
        return try SecretBytes(count: HMACSHA256.byteCount) { output throws(EngineError) in
            try joined.withExposedBytes { joined throws(EngineError) in
                try salt.withUnsafeBufferPointer { salt throws(EngineError) in
                    try HMACSHA256.compute(over: joined, key: UnsafeRawBufferPointer(salt), into: output)
                }
            }
        }
    }

    /// Every set of `size` of the first `count` numbers, in order.
    static func sets(of size: Int, from count: Int) -> [[Int]] {
        guard size > 0 else { return [[]] }
        guard size <= count else { return [] }
        return sets(of: size, from: count - 1) + sets(of: size - 1, from: count - 1).map { $0 + [count - 1] }
    }

    private func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            rebasing: scratch.bytes[(index * Self.byteCount)..<((index + 1) * Self.byteCount)])
    }
}

/// What can be wrong with custodians and their passphrases.
public enum CustodianError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Two custodians chose the same passphrase; they count from 1.
    case samePassphrase(custodian: Int, and: Int)
    /// A custodian's new passphrase is the one that was to be replaced.
    case unchangedPassphrase
    /// More passphrases than a site can have custodians.
    case tooMany
    /// Fewer passphrases than the quorum.
    case tooFew(expected: Int, found: Int)
    /// No set of custodians has these passphrases; which one is wrong cannot be told.
    case wrongPassphrases
    /// The engine failed.
    case engine(EngineError)

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .samePassphrase(let first, let second): "passphrases \(first) and \(second) are the same"
        case .unchangedPassphrase: "the new passphrase is the old one"
        case .tooMany: "expected at most \(CustodianSecrets.maximumCount) passphrases, found more"
        case .tooFew(let expected, let found): "expected \(expected) passphrases, found \(found)"
        case .wrongPassphrases: "wrong passphrase"
        case .engine(let error): error.description
        }
    }
}
