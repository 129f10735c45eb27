import PaymentCrypto

/// What is known of a device's part in the duplicate check.
struct DuplicateFlags: OptionSet, Sendable {
    let rawValue: UInt8

    /// The serial number is valid and its key is set.
    static let hasSerialNumber = DuplicateFlags(rawValue: 1)
    /// The device_id and slot are valid and their key is set.
    static let hasIdentifier = DuplicateFlags(rawValue: 2)
    /// Another device has the same serial number key.
    static let serialNumberIsCandidate = DuplicateFlags(rawValue: 4)
    /// Another device has the same identifier key.
    static let identifierIsCandidate = DuplicateFlags(rawValue: 8)
    /// The certificate is good and its key is set.
    static let hasCertificate = DuplicateFlags(rawValue: 16)
    /// Another device has the same certificate key.
    static let certificateIsCandidate = DuplicateFlags(rawValue: 64)
    /// Some other device has one of the keys.
    static let candidates: DuplicateFlags = [
        .serialNumberIsCandidate, .identifierIsCandidate, .certificateIsCandidate,
    ]
}

/// Eight bytes for a serial number, a device_id with its slot or a certificate, equal where those are equal.
///
/// Keyed with chance, so that nobody can write a manifest whose keys collide.
struct DuplicateHashing: Sendable {
    private let salt: UInt64
    private let first = TextHash()
    private let second = TextHash()

    init() {
        salt = UInt64.random(in: .min ... .max)
    }

    /// For the first base key the serial number itself, so that an ascending manifest needs no sorting.
    ///
    /// For the others a permutation of it: within one base key, equal keys are always equal serial numbers.
    func serialNumberKey(_ leading: UInt64, identity: Int) -> UInt64 {
        guard identity != 0 else { return leading }
        return Self.mix(leading ^ Self.mix(salt ^ UInt64(truncatingIfNeeded: identity)))
    }

    /// A second value that differs for the same serial number under another base key.
    func serialNumberCheck(_ leading: UInt64, identity: Int) -> UInt64 {
        leading &+ Self.mix(~salt ^ UInt64(truncatingIfNeeded: identity))
    }

    /// A hash, keyed with chance, of the text in lower case.
    func identifierKey(_ folded: UnsafeRawBufferPointer) -> UInt64 { first.hash(folded) }

    /// A second hash that is independent of the first: together they are 122 bits of chance.
    func identifierCheck(_ folded: UnsafeRawBufferPointer) -> UInt64 { second.hash(folded) }

    /// For a certificate, by its digest.
    func certificateKey(_ digest: SHA256Digest) -> UInt64 { digest.bytes.withUnsafeBytes { first.hash($0) } }

    /// A second hash of it that is independent of the first.
    func certificateCheck(_ digest: SHA256Digest) -> UInt64 { digest.bytes.withUnsafeBytes { second.hash($0) } }

    /// What a row and its certificate add to the sum of a whole manifest: the second pass must come to the same sum.
    func share(_ digest: SHA256Digest, line: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(salt)
        hasher.combine(line)
        hasher.combine(digest)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The finaliser of SplitMix64, a permutation.
    static func mix(_ number: UInt64) -> UInt64 {
        var value = number &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Writes text in lower case.
    static func fold(
        _ text: UnsafeBufferPointer<UInt8>, into folded: UnsafeMutablePointer<UInt8>
    ) -> UnsafeRawBufferPointer {
        lower(text, to: folded)
        return UnsafeRawBufferPointer(start: folded, count: text.count)
    }

    /// Writes device_id, `+` and slot in lower case; `+` is in neither, so the text stands for one pair only.
    static func fold(
        _ identifier: UnsafeBufferPointer<UInt8>, slot: UnsafeBufferPointer<UInt8>,
        into folded: UnsafeMutablePointer<UInt8>
    ) -> UnsafeRawBufferPointer {
        lower(identifier, to: folded)
        folded[identifier.count] = UInt8(ascii: "+")
        lower(slot, to: folded + identifier.count + 1)
        return UnsafeRawBufferPointer(start: folded, count: identifier.count + 1 + slot.count)
    }

    /// Eight bytes at a time.
    private static func lower(_ text: UnsafeBufferPointer<UInt8>, to folded: UnsafeMutablePointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        let (source, target) = (UnsafeRawPointer(start), UnsafeMutableRawPointer(folded))
        var index = 0
        while index + 8 <= text.count {
            let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            target.storeBytes(of: lower(word), toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < text.count {
            folded[index] = lower(text[index])
            index += 1
        }
    }

    /// Adds bit 5 to each byte from A to Z, wherever it stands in the word.
    private static func lower(_ word: UInt64) -> UInt64 {
        let rest = word & 0x7F7F_7F7F_7F7F_7F7F
        // The top bits say which bytes are A or more, and which are more than Z.
        let (fromA, pastZ) = (rest &+ 0x3F3F_3F3F_3F3F_3F3F, rest &+ 0x2525_2525_2525_2525)
        return word | (fromA & ~pastZ & ~word & 0x8080_8080_8080_8080) >> 2
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
