import PaymentCrypto

/// The leading digits that a BDK's BI block demands of every key serial number.
///
/// See ANSI X9.143:2021, 6.3.6: 10 digits name a TDES key set, 8 an AES base derivation key.
struct KeySetIdentifier: Sendable, Equatable, CustomStringConvertible {
    private let value: UInt64
    private let digitCount: Int

    /// Takes 10 (TDES) or 8 (AES) hexadecimal digits.
    init?(_ text: some StringProtocol, family: DUKPTFamily) {
        digitCount = family == .tdes ? 10 : 8
        guard text.utf8.count == digitCount, let bytes = Hexadecimal.bytes(text) else { return nil }
        value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether a serial number begins with it.
    func begins(_ initial: InitialKeySerialNumber) -> Bool { initial.leading >> UInt64(64 - 4 * digitCount) == value }

    /// The digits, upper case.
    var description: String {
        let bytes = (0..<digitCount / 2).map {
            UInt8(truncatingIfNeeded: value >> UInt64(4 * (digitCount - 2) - 8 * $0))
        }
        return Hexadecimal.text(bytes)
    }
}

/// The keys that a manifest may name, as far as their headers tell.
///
/// Made by whoever knows the keyring; no key byte is in it. Indices into the two lists are what the columns carry.
struct ManifestKeys: Sendable {
    /// A base derivation key.
    struct BaseKey: Sendable {
        var name: String
        var algorithm: KeyAlgorithm
        /// Equal for two names of the same key, so that a serial number under both is a duplicate; at least 0.
        var identity: Int
        /// From its header's BI block.
        var keySet: KeySetIdentifier?
        /// Why it cannot be used as one, for a key of another role; such keys are listed so that the message tells.
        var refusal: String?
    }

    /// A key that initial keys are wrapped under.
    struct ProtectionKey: Sendable {
        var name: String
        /// Why it cannot be used as one.
        var refusal: String?
    }

    /// A header profile.
    struct Profile: Sendable {
        /// Empty for the options alone, which no row can name.
        var name: String
        /// Why it cannot be used for an initial key.
        var refusal: String?
    }

    var baseKeys: [BaseKey]
    var protectionKeys: [ProtectionKey]
    /// The options' choice, for rows that name none: indices into the lists.
    var defaultBaseKey: Int?
    var defaultProtectionKey: Int?
    /// The headers that a row can have, and that of rows that name none.
    var profiles = [Profile(name: "")]
    var defaultProfile = 0
    /// Whether the transport wraps under one at all.
    var needsProtectionKey = true
    /// Where keys travel under the certificates of their devices: the rules for those.
    var receivers: ReceiverRules?
    /// Whether a row is good although neither it nor the options name one.
    var mayLackProtectionKey = false
    /// Why this base key's initial keys cannot be wrapped under this protection key with this profile's header, or nil.
    var pairRefusal: @Sendable (_ baseKey: Int, _ protectionKey: Int, _ profile: Int) -> String? = { _, _, _ in nil }
}

/// Finds names without making a String of what is looked for.
///
/// Unchecked: nothing is written after the initialiser.
final class NameTable: @unchecked Sendable {
    private struct Entry {
        var start: Int
        var count: Int
        var index: Int
    }

    private let text: UnsafeMutableBufferPointer<UInt8>
    private let entries: UnsafeMutableBufferPointer<Entry>

    init(_ names: [String]) {
        text = .allocate(capacity: names.reduce(1) { $0 + $1.utf8.count })
        entries = .allocate(capacity: max(1, names.count))
        text.initialize(repeating: 0)
        entries.initialize(repeating: Entry(start: 0, count: 0, index: -1))
        var start = 0
        let sorted = names.enumerated().sorted { Array($0.element.utf8).lexicographicallyPrecedes($1.element.utf8) }
        for (place, (index, name)) in sorted.enumerated() {
            entries[place] = Entry(start: start, count: name.utf8.count, index: index)
            for byte in name.utf8 {
                text[start] = byte
                start += 1
            }
        }
    }

    deinit {
        text.deallocate()
        entries.deallocate()
    }

    /// The place of a name in the list that the table was made of, or nil.
    func index(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[middle]
            let candidate = UnsafeBufferPointer(rebasing: text[entry.start..<entry.start + entry.count])
            if candidate.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count else { return nil }
        let entry = entries[low]
        let isSame =
            entry.index >= 0 && entry.count == name.count
            && name.elementsEqual(text[entry.start..<entry.start + entry.count])
        return isSame ? entry.index : nil
    }
}
