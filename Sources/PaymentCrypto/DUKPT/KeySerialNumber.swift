/// Which DUKPT a key serial number belongs to.
public enum DUKPTFamily: Sendable, Hashable {
    /// TDES DUKPT, X9.24-1:2009 Annex A and X9.24-3:2017 Annex C.
    case tdes
    /// AES DUKPT, X9.24-3:2017 clause 6.
    case aes

    /// The family of a base derivation key.
    public init(_ algorithm: KeyAlgorithm) {
        self = algorithm.isTDES ? .tdes : .aes
    }
}

/// A key serial number as a terminal would send it: key set and device, and the transaction counter.
///
/// TDES: 10 bytes of which the last 21 bits count (X9.24-1:2009 A.6). AES: 12 bytes of which the last 4 count, or the
/// 8-byte initial key ID alone (X9.24-3:2017 6.3).
public struct KeySerialNumber: Hashable, Sendable {
    /// This device's serial number before its first transaction.
    public let initial: InitialKeySerialNumber
    /// The counter, which takes no part in the derivation of an initial key.
    public let transactionCounter: UInt32

    /// Reads 20 hexadecimal digits (TDES), 24 or 16 (AES), in either case.
    public init(_ text: UnsafeBufferPointer<UInt8>, family: DUKPTFamily) throws(KeySerialNumberError) {
        switch (family, text.count) {
        case (.tdes, 20):
            let (head, tail) = (try Self.number(text, 0..<16), try Self.number(text, 16..<20))
            initial = InitialKeySerialNumber(family: .tdes, leading: head)
            // The low five bits of byte 7, then bytes 8 and 9.
            transactionCounter = UInt32(truncatingIfNeeded: (head & 0x1F) << 16 | tail)
        case (.aes, 24):
            let (head, tail) = (try Self.number(text, 0..<16), try Self.number(text, 16..<24))
            initial = InitialKeySerialNumber(family: .aes, leading: head)
            transactionCounter = UInt32(truncatingIfNeeded: tail)
        case (.aes, 16):
            initial = InitialKeySerialNumber(family: .aes, leading: try Self.number(text, 0..<16))
            transactionCounter = 0
        default:
            // What a character is counts before how many there are: '12G4' is no short serial number.
            _ = try Self.number(text, 0..<text.count)
            throw .wrongLength(family: family, found: text.count)
        }
    }

    /// The same for text that is not on the per-device path.
    public init(_ text: some StringProtocol, family: DUKPTFamily) throws(KeySerialNumberError) {
        var bytes = Array(text.utf8)
        let result = bytes.withUnsafeMutableBufferPointer { buffer in
            Result { () throws(KeySerialNumberError) in try KeySerialNumber(UnsafeBufferPointer(buffer), family: family)
            }
        }
        self = try result.get()
    }

    private static func number(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
    ) throws(KeySerialNumberError) -> UInt64 {
        if let number = Hexadecimal.number(UnsafeBufferPointer(rebasing: text[range])) { return number }
        var value: UInt64 = 0
        for position in range {
            guard let digit = Hexadecimal.value(of: text[position]) else {
                throw .notHexadecimal(position: position + 1)
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}

/// A key serial number whose counter is zero: what an initial key is derived from, and what identifies a device.
public struct InitialKeySerialNumber: Hashable, Sendable {
    /// TDES or AES.
    public let family: DUKPTFamily
    /// The leading 8 bytes, big-endian; they hold everything but the counter, so they identify the device under a BDK.
    public let leading: UInt64

    /// Clears the counter bits that reach into the leading 8 bytes: for TDES the low five, for AES none.
    public init(family: DUKPTFamily, leading: UInt64) {
        self.family = family
        self.leading = family == .tdes ? leading & ~0x1F : leading
    }

    /// The serial number `distance` devices further on, or nil where that runs past the device field.
    ///
    /// The device field has 19 bits (TDES, X9.24-1:2009 A.6) or 32 bits (AES, X9.24-3:2017 6.3.1).
    public func advanced(by distance: UInt64) -> InitialKeySerialNumber? {
        let (shift, width): (UInt64, UInt64) = family == .tdes ? (5, 19) : (0, 32)
        let mask = (UInt64(1) << width - 1) << shift
        let device = (leading & mask) >> shift
        guard distance <= mask >> shift - device else { return nil }
        return InitialKeySerialNumber(family: family, leading: leading & ~mask | (device + distance) << shift)
    }

    /// The number of hexadecimal digits of the whole serial number: 20 or 24.
    public static func digitCount(_ family: DUKPTFamily) -> Int { family == .tdes ? 20 : 24 }

    /// Writes the whole serial number in upper-case hexadecimal, counter zero: 20 or 24 characters.
    public func write(to text: UnsafeMutablePointer<UInt8>) {
        Hexadecimal.write(leading, to: text)
        for index in 16..<Self.digitCount(family) { text[index] = UInt8(ascii: "0") }
    }
}

extension InitialKeySerialNumber: CustomStringConvertible {
    /// The whole serial number in upper-case hexadecimal, counter zero.
    public var description: String {
        let count = Self.digitCount(family)
        return String(unsafeUninitializedCapacity: count) { buffer in
            if let start = buffer.baseAddress { write(to: start) }
            return count
        }
    }
}

/// What is wrong with the text of a key serial number.
public enum KeySerialNumberError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not the number of digits that the family has.
    case wrongLength(family: DUKPTFamily, found: Int)
    /// A character that is no hexadecimal digit; `position` counts from 1, as an editor does.
    case notHexadecimal(position: Int)

    /// Expected and found.
    public var description: String {
        switch self {
        case .wrongLength(.tdes, let found): "expected 20 hexadecimal digits, found \(found)"
        case .wrongLength(.aes, let found): "expected 24 or 16 hexadecimal digits, found \(found)"
        case .notHexadecimal(let position): "character \(position) is not a hexadecimal digit"
        }
    }
}
