/// What a run says of the headers of its key blocks: a device's own header must agree with one of them.
///
/// What a manifest says of a single device, its label and its key version, is in no record, and is not compared.
public struct InitialKeyHeader: Sendable {
    /// Every version that was made.
    public var versions: [KeyBlockVersion]
    /// Of every initial key.
    public var exportability: Exportability
    /// The optional blocks but KS, IK and PB.
    public var optionalBlocks: [OptionalBlock.Identifier]
    /// Whether the length of short keys is hidden.
    public var hidesLength: Bool
    /// Whether there is a block KS (TDES) or IK (AES).
    public var hasSerialNumber = true

    /// A header with these properties.
    public init(
        versions: [KeyBlockVersion], exportability: Exportability, optionalBlocks: [OptionalBlock.Identifier],
        hidesLength: Bool
    ) {
        self.versions = versions
        self.exportability = exportability
        self.optionalBlocks = optionalBlocks
        self.hidesLength = hidesLength
    }
}

extension InitialKeyHeader {
    /// What is wrong with a header that travels with an initial key in a token; nil where it agrees with one of these.
    ///
    /// Version and length in it mean nothing.
    public static func difference(
        _ found: KeyBlockHeader, from headers: [InitialKeyHeader], algorithm: KeyAlgorithm,
        serialNumber: InitialKeySerialNumber
    ) -> String? {
        guard found.keyUsage == .initialDUKPTKey, found.modeOfUse == .deriveKeys,
            found.algorithm == KeyBlockAlgorithm(algorithm)
        else {
            return "expected usage, algorithm and mode of use B1\(KeyBlockAlgorithm(algorithm))X, found"
                + " \(found.keyUsage)\(found.algorithm)\(found.modeOfUse)"
        }
        let expected = OptionalBlock.initialKeySerialNumber(serialNumber)
        let known: Set = [OptionalBlock.Identifier.keySerialNumber, .initialKeyID]
        for block in found.optionalBlocks where known.contains(block.id) && block != expected {
            return "expected block \(expected), found \(block)"
        }
        return headers.contains { $0.agrees(with: found, expected.id) }
            ? nil : "expected the exportability and the optional blocks that run.json has, found others"
    }

    private func agrees(with found: KeyBlockHeader, _ serialNumber: OptionalBlock.Identifier) -> Bool {
        let names = found.optionalBlocks.map(\.id)
        let wanted = Set(optionalBlocks + (hasSerialNumber ? [serialNumber] : []))
        return exportability == found.exportability && Set(names).count == names.count
            && Set(names).subtracting([.label]) == wanted.subtracting([.label])
            && (names.contains(.label) || !wanted.contains(.label))
    }
}

/// Holds the headers of key blocks against what is known of them; takes no memory while they agree.
struct HeaderComparison {
    private let headers: [Known]
    private let usageAndAlgorithm: [UInt8]
    private let algorithm: KeyAlgorithm
    private let family: DUKPTFamily
    private let protectionCheckText: [UInt8]

    private struct Known {
        let header: InitialKeyHeader
        /// The identifiers but LB, which a manifest can add.
        let blocks: [UInt16]
        let needsLabel: Bool
    }

    /// What one row's header is compared with.
    struct Row {
        let text: UnsafeBufferPointer<UInt8>
        let frame: KeyBlockFrame
        let serialNumber: UInt64
        /// As KC has it.
        let keyCheckValue: CheckValue?
        let hidesLength: Bool
    }

    init(_ headers: [InitialKeyHeader], algorithm: KeyAlgorithm, protectionCheckValue: CheckValue?) {
        let family = DUKPTFamily(algorithm)
        let serialNumber = family == .tdes ? OptionalBlock.Identifier.keySerialNumber : .initialKeyID
        self.algorithm = algorithm
        self.family = family
        self.headers = headers.map { header in
            var header = header
            if header.hasSerialNumber { header.optionalBlocks.insert(serialNumber, at: 0) }
            let numbers = header.optionalBlocks.map(\.number)
            return Known(
                header: header, blocks: numbers.filter { $0 != Self.label }, needsLabel: numbers.contains(Self.label))
        }
        usageAndAlgorithm = Array("B1\(KeyBlockAlgorithm(algorithm))X".utf8)
        protectionCheckText = protectionCheckValue.map(Self.text) ?? []
    }

    /// Whether KC is among the blocks, so that the key's own check value is needed.
    var needsKeyCheckValue: Bool { headers.contains { $0.blocks.contains(Self.keyCheckValue) } }

    /// Nil where the header agrees, else expected and found.
    func difference(_ row: Row) -> String? {
        let text = row.text
        guard text[5..<9].elementsEqual(usageAndAlgorithm) else {
            return difference("usage, algorithm and mode of use", usageAndAlgorithm, text[5..<9])
        }
        guard text[14..<16].elementsEqual("00".utf8) else {
            return difference("key context and reserved character", Array("00".utf8), text[14..<16])
        }
        guard text[9..<11].allSatisfy({ ASCII.isDigit($0) || ASCII.isUpperCase($0) }) else {
            return "expected a key version of 2 digits or capital letters, found \(ASCII.quoted(text[9..<11]))"
        }
        return contentDifference(row) ?? (headers.contains { agrees($0, row) } ? nil : formDifference(row))
    }

    private func difference(
        _ what: String, _ expected: [UInt8], _ found: Slice<UnsafeBufferPointer<UInt8>>
    ) -> String {
        "expected \(what) \(ASCII.quoted(expected)), found \(ASCII.quoted(found))"
    }

    /// What the blocks say that tell something of the key.
    private func contentDifference(_ row: Row) -> String? {
        var blocks = OptionalBlockCursor(row.text, count: count(row))
        while let block = blocks.next() {
            switch block.id {
            case Self.keySerialNumber, Self.initialKeyID:
                if isSerialNumber(block, row) { continue }
                return "block \(block.name): expected \(expectedSerialNumber(row)), found \(ASCII.quoted(block.data))"
            case Self.keyCheckValue:
                guard let value = row.keyCheckValue, !block.data.elementsEqual(Self.text(value)) else { continue }
                return "block KC: expected '\(Self.string(Self.text(value)))', found \(ASCII.quoted(block.data))"
            case Self.protectionKeyCheckValue where !block.data.elementsEqual(protectionCheckText):
                return "block KP: expected '\(Self.string(protectionCheckText))', found \(ASCII.quoted(block.data))"
            default: continue
            }
        }
        return nil
    }

    private func isSerialNumber(_ block: OptionalBlockCursor.Place, _ row: Row) -> Bool {
        let digitCount = family == .tdes ? 20 : 16
        return block.id == (family == .tdes ? Self.keySerialNumber : Self.initialKeyID)
            && block.data.count == digitCount
            && Hexadecimal.number(upperCase: UnsafeBufferPointer(rebasing: block.data[..<16])) == row.serialNumber
            && block.data[16...].allSatisfy { $0 == UInt8(ascii: "0") }
    }

    private func expectedSerialNumber(_ row: Row) -> String {
        let number = InitialKeySerialNumber(family: family, leading: row.serialNumber)
        return OptionalBlock.initialKeySerialNumber(number).description
    }

    private func agrees(_ known: Known, _ row: Row) -> Bool {
        // Where a cipher block has room for both forms, either one agrees.
        let payload = KeyBlockPayload(
            algorithm, version: row.frame.version, lengthObfuscation: known.header.hidesLength)
        guard known.header.versions.contains(row.frame.version), payload.byteCount == row.frame.payloadByteCount,
            known.header.exportability.rawValue == row.text[11]
        else { return false }
        var blocks = OptionalBlockCursor(row.text, count: count(row))
        var (found, hasLabel) = (0, false)
        while let block = blocks.next() {
            switch block.id {
            case Self.padding: continue
            case Self.label: hasLabel = true
            default:
                guard known.blocks.contains(block.id) else { return false }
                found += 1
            }
        }
        return found == known.blocks.count && (hasLabel || !known.needsLabel)
    }

    private func formDifference(_ row: Row) -> String {
        var blocks = OptionalBlockCursor(row.text, count: count(row))
        var names: [String] = []
        while let block = blocks.next() {
            if block.id != Self.padding { names.append(block.name) }
        }
        let found = Self.form(
            "\(row.frame.version)", String(Unicode.Scalar(row.text[11])), names, hidesLength: row.hidesLength)
        let expected = headers.map { known in
            Self.form(
                known.header.versions.map(\.description).joined(separator: " or "),
                known.header.exportability.description, known.header.optionalBlocks.map(\.description),
                hidesLength: known.header.hidesLength)
        }
        return "expected a header with \(expected.joined(separator: ", or ")), found \(found)"
    }

    private static func form(
        _ version: String, _ exportability: String, _ blocks: [String], hidesLength: Bool
    ) -> String {
        "version \(version), exportability \(exportability), blocks \(blocks.isEmpty ? "none" : blocks.joined(separator: " "))"
            + (hidesLength ? "" : ", length not hidden")
    }

    private func count(_ row: Row) -> Int { ASCII.decimal(row.text[12..<14]) ?? 0 }

    /// `00` and a legacy check value, or `01` and a CMAC.
    ///
    /// X9.143:2021 6.3.6.
    private static func text(_ value: CheckValue) -> [UInt8] {
        Array(((value.method == .legacy ? "00" : "01") + value.description).utf8)
    }

    private static func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static let label = OptionalBlock.Identifier.label.number
    private static let padding = OptionalBlock.Identifier.padding.number
    private static let keySerialNumber = OptionalBlock.Identifier.keySerialNumber.number
    private static let initialKeyID = OptionalBlock.Identifier.initialKeyID.number
    private static let keyCheckValue = OptionalBlock.Identifier.keyCheckValue.number
    private static let protectionKeyCheckValue = OptionalBlock.Identifier.protectionKeyCheckValue.number
}

extension OptionalBlockCursor.Place {
    fileprivate var name: String { ASCII.quoted([UInt8(truncatingIfNeeded: id >> 8), UInt8(truncatingIfNeeded: id)]) }
}
