public import PaymentCrypto

/// What was asked for the header of the initial keys; nil is not given.
public struct HeaderOptions: Sendable {
    /// Initial keys have mode X only; anything else is refused.
    public var modeOfUse: ModeOfUse?
    /// N unless another one is asked for and allowed.
    public var exportability: Exportability?
    /// Whether S and E are allowed.
    public var allowsExportable = false
    /// Two characters, `00` where none is given.
    public var keyVersion: KeyVersionNumber?
    /// B, D or E; where none is given, B under a TDES key and D under an AES key.
    public var keyBlockVersion: KeyBlockVersion?
    /// Further optional blocks in the order given.
    public var optionalBlocks: [OptionalBlockOption] = []
    /// Whether the block KS or IK is written.
    public var includesSerialNumberBlock = true
    /// Whether short keys are padded to the longest of their cipher.
    public var lengthObfuscation = true

    /// Nothing asked for.
    public init() {}
}

/// One `--optional-block ID=VALUE`, or `ID` alone where the value is computed.
public struct OptionalBlockOption: Sendable, Equatable {
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
        // One serial number in every key block of a fleet would name the wrong device in all but one.
        if id == .keySerialNumber || id == .initialKeyID { throw .serialNumberBlock(id) }
        self.id = id
        guard parts.count == 2 else {
            guard Self.computed.contains(id) else { throw .missingValue(id) }
            pieces = nil
            return
        }
        // A check value is computed or it is wrong.
        if id == .keyCheckValue || id == .protectionKeyCheckValue { throw .computedBlock(id) }
        guard OptionalBlock(id, data: String(parts[1])) != nil else { throw .notPrintable(id) }
        pieces = Self.pieces(String(parts[1]))
    }

    /// The blocks that can be computed.
    static let computed: Set<OptionalBlock.Identifier> = [.keyCheckValue, .protectionKeyCheckValue, .timeStamp]

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

/// Why header options cannot be used; equal by kind.
public enum HeaderOptionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not `ID=VALUE` with an ID of two letters or digits.
    case notAnOptionalBlock(String)
    /// Only KC, KP and TS can be computed.
    case missingValue(OptionalBlock.Identifier)
    /// KC, KP and PB are computed and take no value.
    case computedBlock(OptionalBlock.Identifier)
    /// KS and IK are each device's own.
    case serialNumberBlock(OptionalBlock.Identifier)
    /// A character that is not printable ASCII.
    case notPrintable(OptionalBlock.Identifier)
    /// The same ID twice.
    case duplicate(OptionalBlock.Identifier)
    /// Initial keys have mode X and no other.
    case modeOfUse(ModeOfUse)
    /// S or E without leave.
    case exportability(Exportability)

    /// Whether it is a rule that refuses (status 77) rather than a slip of the pen (64).
    public var isRefusal: Bool {
        switch self {
        case .modeOfUse, .exportability: true
        default: false
        }
    }

    /// Expected and found.
    public var description: String {
        switch self {
        case .notAnOptionalBlock(let text):
            "--optional-block: expected ID=VALUE with an ID of two letters or digits, found '\(text)'"
        case .missingValue(let id): "--optional-block: block \(id) needs a value; only KC, KP and TS are computed"
        case .computedBlock(let id): "--optional-block: block \(id) is computed and takes no value"
        case .serialNumberBlock(let id): "--optional-block: block \(id) is each device's own and cannot be given"
        case .notPrintable(let id):
            "--optional-block: the value of block \(id) has characters that are not printable ASCII"
        case .duplicate(let id): "--optional-block: block \(id) is given twice"
        case .modeOfUse(let mode): "an initial key has mode of use X, which cannot be changed to \(mode)"
        case .exportability(let value): "an initial key is not exportable (N), found --exportability \(value)"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .exportability: "add --allow-exportable if the receiver really needs it"
        case .serialNumberBlock: "it is written by itself; --no-ksn-block leaves it out"
        default: nil
        }
    }
}
