/// A key block header for a whole fleet: what is the same for every device, and the places that each device fills.
///
/// Lengths, the number of optional blocks and the padding block are computed as a row is written; they are no
/// parameters, so they cannot be wrong.
public struct KeyBlockTemplate: Sendable {
    /// One optional block of the template, in the order in which it is written.
    public enum Block: Sendable {
        /// The same in every key block.
        case constant(OptionalBlock)
        /// KS: the device's initial KSN, 20 digits (TDES). X9.143:2021 6.3.6.
        case initialKeySerialNumber
        /// IK: the device's initial key ID, 16 digits (AES). X9.143:2021 6.3.6.
        case initialKeyID
        /// KC: the check value of the device's key.
        case keyCheckValue
        /// LB: the device's label, or this text where the device has none; left out where there is neither.
        case label(default: [TextPiece])
        /// Any other block with the device's ID in its text.
        case text(id: OptionalBlock.Identifier, [TextPiece])
    }

    /// A piece of a text.
    public enum TextPiece: Sendable, Hashable {
        /// These characters.
        case literal(String)
        /// The device's ID.
        case deviceID
    }

    /// Version, usage, algorithm, mode, exportability, context, and the key version where the device has none.
    public let header: KeyBlockHeader
    /// The optional blocks but PB.
    public let blocks: [Block]
    let fixed: [UInt8]
    let encodedBlocks: [EncodedBlock]

    /// A template; the optional blocks in `header` come first.
    public init(header: KeyBlockHeader, blocks: [Block] = []) {
        self.header = header
        self.blocks = header.optionalBlocks.map(Block.constant) + blocks
        let fields =
            "\(header.version)0000\(header.keyUsage)\(header.algorithm)\(header.modeOfUse)\(header.keyVersion)"
            + "\(header.exportability)00\(header.context)0"
        fixed = Array(fields.utf8)
        encodedBlocks = self.blocks.map(EncodedBlock.init)
    }

    /// Whether rows need ``Row/keyCheckValue``.
    public var needsKeyCheckValue: Bool {
        blocks.contains { if case .keyCheckValue = $0 { true } else { false } }
    }

    /// How many random bytes the padding block of one row may take.
    static let fillByteCount = 16

    /// What one device fills in; it points at text that others own.
    public struct Row {
        /// The initial KSN's leading 8 bytes (``InitialKeySerialNumber/leading``).
        public var serialNumber: UInt64 = 0
        /// The device's ID.
        public var deviceID = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        /// The device's label; empty where it has none.
        public var label = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        /// Two characters; empty where the header's own key version stays.
        public var keyVersion = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        /// Needed where the template has a KC block: legacy with 3 bytes (TDES) or CMAC with 5 (AES).
        public var keyCheckValue: CheckValue?

        /// A row with nothing in it.
        public init() {}
    }

    /// The most characters that header and optional blocks can have, PB included.
    public func maximumLength(longestDeviceID: Int, longestLabel: Int) -> Int {
        let options = encodedBlocks.reduce(0) {
            $0 + $1.maximumLength(longestDeviceID: longestDeviceID, longestLabel: longestLabel)
        }
        // PB has at least 4 characters and brings the whole to the next block boundary.
        return (fixed.count + options + 4 + 15) / 16 * 16 + 16
    }

    /// Writes one device's header and returns its length in characters, a whole number of cipher blocks.
    ///
    /// - Parameters:
    ///   - text: room for ``maximumLength(longestDeviceID:longestLabel:)`` characters.
    ///   - following: the number of characters of ciphertext and MAC.
    ///   - fill: random bytes for the padding block, ``fillByteCount`` of them.
    /// - Throws: `.tooLong` past 9,999 characters in all, `.tooManyOptionalBlocks` past 99.
    func write(
        _ row: Row, to text: UnsafeMutablePointer<UInt8>, following: Int, fill: UnsafeRawBufferPointer
    ) throws(KeyBlockError) -> Int {
        var cursor = TextCursor(start: text)
        fixed.withUnsafeBufferPointer { cursor.append($0) }
        Self.write(keyVersion: row.keyVersion, to: text)
        var count = 0
        for block in encodedBlocks where block.write(row, to: &cursor) { count += 1 }
        if writePadding(to: &cursor, fill: fill) { count += 1 }
        let whole = cursor.count + following
        guard whole <= 9_999 else { throw .tooLong(characters: whole) }
        guard count <= 99 else { throw .tooManyOptionalBlocks(count) }
        text[12] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: count / 10)
        text[13] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: count % 10)
        writeDecimal(whole, to: text + 1)
        return cursor.count
    }

    /// PB brings the optional blocks to a whole number of cipher blocks; none where they are that already.
    ///
    /// X9.143:2021 6.3.6, 'PB'. Its text is random letters and digits, as openemv and AWS write it.
    private func writePadding(to cursor: inout TextCursor, fill: UnsafeRawBufferPointer) -> Bool {
        let block = header.version.blockByteCount
        var missing = (block - cursor.count % block) % block
        if missing == 0 { return false }
        if missing < 4 { missing += block }
        cursor.append("PB")
        cursor.appendHexadecimal(UInt8(truncatingIfNeeded: missing))
        for index in 0..<missing - 4 { cursor.append(Self.paddingCharacter(fill[index])) }
        return true
    }

    /// A letter or digit from a random byte.
    @inline(__always)
    static func paddingCharacter(_ byte: UInt8) -> UInt8 {
        let value = byte & 0x1F
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// Puts a device's own key version in the header's place, where it has one.
    @inline(__always)
    static func write(keyVersion: UnsafeBufferPointer<UInt8>, to text: UnsafeMutablePointer<UInt8>) {
        guard keyVersion.count == 2 else { return }
        text[9] = keyVersion[0]
        text[10] = keyVersion[1]
    }

    private func writeDecimal(_ number: Int, to text: UnsafeMutablePointer<UInt8>) {
        var rest = number
        for index in stride(from: 3, through: 0, by: -1) {
            text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
