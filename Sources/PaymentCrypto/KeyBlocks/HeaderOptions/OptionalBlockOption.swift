/// One optional block that was asked for: `ID=VALUE`, or `ID` alone where the value is computed.
public struct OptionalBlockOption: Sendable, Hashable {
    /// The block's two characters.
    public let id: OptionalBlock.Identifier
    /// Nil where it is to be computed.
    public let pieces: [KeyBlockTemplate.TextPiece]?

    /// Reads `ID=VALUE` or `ID`; `{device_id}` in the value stands for the row's device.
    public init(argument: String) throws(HeaderOptionError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let id = OptionalBlock.Identifier(first) else {
            throw .notAnOptionalBlock(argument)
        }
        if id == .padding { throw .computedBlock(id) }
        self.id = id
        guard parts.count == 2 else {
            // For an initial key KS and IK are computed, too, and asking for them is refused as such.
            guard Self.computed.contains(id) || Self.serialNumbers.contains(id) else { throw .missingValue(id) }
            pieces = nil
            return
        }
        // A check value is computed or it is wrong.
        if id == .keyCheckValue || id == .protectionKeyCheckValue { throw .computedBlock(id) }
        guard OptionalBlock(id, data: String(parts[1])) != nil else { throw .notPrintable(id) }
        pieces = Self.pieces(String(parts[1]))
    }

    /// A block that a key has already.
    init(_ block: OptionalBlock) {
        id = block.id
        pieces = [.literal(block.data)]
    }

    /// A block whose value is computed.
    init(computed id: OptionalBlock.Identifier) {
        self.id = id
        pieces = nil
    }

    /// The blocks that can be computed.
    static let computed: Set<OptionalBlock.Identifier> = [.keyCheckValue, .protectionKeyCheckValue, .timeStamp]

    /// The blocks that name a device: KS and IK.
    public static let serialNumbers: Set<OptionalBlock.Identifier> = [.keySerialNumber, .initialKeyID]

    /// Whether the value is another one for each device.
    public var namesDevice: Bool { pieces?.contains(.deviceID) ?? false }

    /// The value that is the same for every device; nil where it is computed or names the device.
    public var constantValue: String? {
        guard let pieces, !namesDevice else { return nil }
        return pieces.map(\.text).joined()
    }

    private static func pieces(_ value: String) -> [KeyBlockTemplate.TextPiece] {
        var pieces: [KeyBlockTemplate.TextPiece] = []
        var rest = value[...]
        while let place = rest.firstRange(of: "{device_id}") {
            if place.lowerBound > rest.startIndex { pieces.append(.literal(String(rest[..<place.lowerBound]))) }
            pieces.append(.deviceID)
            rest = rest[place.upperBound...]
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(.literal(String(rest))) }
        return pieces
    }
}

extension OptionalBlockOption: CustomStringConvertible {
    /// As it was given: `LB=till {device_id}`, `KC`.
    public var description: String {
        pieces.map { "\(id)=" + $0.map(\.text).joined() } ?? id.description
    }
}

extension KeyBlockTemplate.TextPiece {
    fileprivate var text: String {
        switch self {
        case .literal(let text): text
        case .deviceID: "{device_id}"
        }
    }
}
