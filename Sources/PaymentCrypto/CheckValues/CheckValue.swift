/// How a check value is made.
public enum CheckValueMethod: String, Sendable, Hashable, CaseIterable {
    /// The leading bytes of a block of zeros encrypted under the key; at most 3 bytes. X9.24-1:2017 7.7.2.
    case legacy
    /// The leading bytes of a CMAC over one block of zeros; at most 5 bytes. X9.24-1:2017 Annex A.
    case cmac

    /// The name that reports and AWS use.
    public var reportName: String { self == .legacy ? "ANSI_X9_24" : "CMAC" }

    /// Legacy for TDES, CMAC for AES.
    public static func standard(for algorithm: KeyAlgorithm) -> CheckValueMethod { algorithm.isTDES ? .legacy : .cmac }

    /// How many bytes may be shown: 2 to 3 (legacy), 3 to 5 (CMAC).
    public var permittedByteCounts: ClosedRange<Int> { self == .legacy ? 2...3 : 3...5 }

    /// The most that may be shown, and the default.
    public var standardByteCount: Int { permittedByteCounts.upperBound }
}

/// A check value: a few bytes that tell keys apart without telling the key.
public struct CheckValue: Hashable, Sendable, CustomStringConvertible {
    /// The bytes, left aligned, most significant first.
    public let leading: UInt64
    /// How many of them count: 2 to 5.
    public let byteCount: Int
    /// How it was made.
    public let method: CheckValueMethod

    /// Cuts the leading bytes off a whole check value block.
    init(block: UnsafeRawBufferPointer, method: CheckValueMethod, byteCount: Int) {
        let whole = UInt64(bigEndian: block.loadUnaligned(as: UInt64.self))
        leading = whole & ~(UInt64.max >> UInt64(8 * byteCount))
        self.byteCount = byteCount
        self.method = method
    }

    /// The check value of a key that only a cipher knows.
    @_spi(Engine) public init(
        _ method: CheckValueMethod, byteCount: Int? = nil, cipher: any BlockCipher
    ) throws(EngineError) {
        let scratch = SecretScratch(byteCount: cipher.blockByteCount)
        try cipher.encrypt(scratch.bytes)
        if method == .cmac {
            // CMAC over one block of zeros: E(0 xor K1), with K1 = 2 E(0). NIST SP 800-38B, 6.1 and 6.2.
            CMACSubkeys.double(scratch.bytes)
            try cipher.encrypt(scratch.bytes)
        }
        self.init(
            block: UnsafeRawBufferPointer(scratch.bytes), method: method,
            byteCount: byteCount ?? method.standardByteCount)
    }

    /// The CMAC check value of a key that only makes CMACs, at full length.
    @_spi(Engine) public init(authenticator: any MessageAuthenticator) throws(EngineError) {
        let zeros = SecretScratch(byteCount: authenticator.macByteCount)
        let mac = SecretScratch(byteCount: authenticator.macByteCount)
        try authenticator.authenticate(UnsafeRawBufferPointer(zeros.bytes), into: mac.bytes)
        self.init(
            block: UnsafeRawBufferPointer(mac.bytes), method: .cmac, byteCount: CheckValueMethod.cmac.standardByteCount)
    }

    /// Reads what ``write(to:)`` wrote, in upper case; nil for anything else.
    public init?(digits: UnsafeBufferPointer<UInt8>, method: CheckValueMethod) {
        guard digits.count.isMultiple(of: 2), method.permittedByteCounts.contains(digits.count / 2) else { return nil }
        var leading: UInt64 = 0
        for digit in digits {
            guard let value = Hexadecimal.value(of: digit), Hexadecimal.digit(value) == digit else { return nil }
            leading = leading << 4 | UInt64(value)
        }
        self.init(leading: leading << UInt64(64 - 4 * digits.count), byteCount: digits.count / 2, method: method)
    }

    /// The same check value cut to fewer bytes.
    public func prefix(_ count: Int) -> CheckValue {
        CheckValue(leading: leading, byteCount: min(count, byteCount), method: method)
    }

    /// Writes two upper-case hexadecimal digits for each byte and returns their number.
    public func write(to text: UnsafeMutablePointer<UInt8>) -> Int {
        for index in 0..<2 * byteCount {
            text[index] = Hexadecimal.digit(UInt8(truncatingIfNeeded: leading >> UInt64(60 - 4 * index)) & 0x0F)
        }
        return 2 * byteCount
    }

    /// Upper-case hexadecimal.
    public var description: String {
        String(unsafeUninitializedCapacity: 2 * byteCount) { buffer in
            buffer.baseAddress.map(write(to:)) ?? 0
        }
    }

    private init(leading: UInt64, byteCount: Int, method: CheckValueMethod) {
        self.leading = leading & ~(UInt64.max >> UInt64(8 * byteCount))
        self.byteCount = byteCount
        self.method = method
    }
}

/// A check value as somebody else gave it: 4 to 10 hexadecimal digits, compared as a prefix.
public struct ExpectedCheckValue: Hashable, Sendable, CustomStringConvertible {
    let digits: [UInt8]

    /// Reads 4 to 10 hexadecimal digits in either case; nil for anything else.
    public init?(_ text: String) {
        let values = text.utf8.compactMap(Hexadecimal.value(of:))
        guard values.count == text.utf8.count, (4...10).contains(values.count) else { return nil }
        digits = values
    }

    /// Whether `checkValue` begins with these digits.
    ///
    /// Pass the longest check value there is: a digit that was given and cannot be compared is no match.
    public func matches(_ checkValue: CheckValue) -> Bool {
        guard digits.count <= 2 * checkValue.byteCount else { return false }
        return digits.indices.allSatisfy { index in
            digits[index] == UInt8(truncatingIfNeeded: checkValue.leading >> UInt64(60 - 4 * index)) & 0x0F
        }
    }

    /// The same for a check value that is there as text only.
    public func matches(hexadecimal text: String) -> Bool {
        let found = text.utf8.compactMap(Hexadecimal.value(of:))
        return digits.count <= found.count && found.starts(with: digits)
    }

    /// Upper-case hexadecimal.
    public var description: String {
        String(decoding: digits.map(Hexadecimal.digit), as: UTF8.self)
    }
}
