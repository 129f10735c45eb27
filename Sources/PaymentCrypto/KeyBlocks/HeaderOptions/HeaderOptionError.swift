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
    /// `{device_id}` where there is no manifest.
    case noDevice(OptionalBlock.Identifier)
    /// The key's own header has the block with another value.
    case ownBlock(OptionalBlock.Identifier, own: String, found: String)
    /// What the standard says about the block, or about how much fits into a header.
    case unfit(String)
    /// Initial keys have mode X and no other.
    case modeOfUse(ModeOfUse)
    /// S or E without leave.
    case exportability(Exportability)
    /// A mode of use that the key's own does not permit.
    case widerModeOfUse(own: ModeOfUse, found: ModeOfUse)
    /// An exportability that the key's own does not permit.
    case widerExportability(own: Exportability, found: Exportability)
    /// KP tells of a wrapping key, and there is none.
    case noProtectionKey
    /// The key's own exportability is N.
    case notExportable
    /// The key is a component, and is to be called a key.
    case component(own: KeyVersionNumber, found: KeyVersionNumber)

    /// Whether it is a rule that refuses (status 77) rather than a slip of the pen (64).
    public var isRefusal: Bool {
        switch self {
        case .modeOfUse, .exportability, .widerModeOfUse, .widerExportability, .notExportable, .component: true
        default: false
        }
    }

    /// Whether it is about the form or choice of an optional block that was asked for.
    public var concernsOptionalBlock: Bool {
        switch self {
        case .notAnOptionalBlock, .missingValue, .computedBlock, .serialNumberBlock, .notPrintable, .duplicate,
            .noDevice, .ownBlock, .noProtectionKey:
            true
        default: false
        }
    }

    /// Expected and found.
    public var description: String {
        switch self {
        case .notAnOptionalBlock(let text): "expected ID=VALUE with an ID of two letters or digits, found '\(text)'"
        case .missingValue(let id): "block \(id) needs a value; only KC, KP and TS are computed"
        case .computedBlock(let id): "block \(id) is computed and takes no value"
        case .serialNumberBlock(let id): "block \(id) is each device's own and cannot be given"
        case .notPrintable(let id): "the value of block \(id) has characters that are not printable ASCII"
        case .duplicate(let id): "block \(id) is given twice"
        case .noDevice(let id): "block \(id) names {device_id}, and only a manifest has devices"
        case .ownBlock(let id, let own, let found):
            "block \(id): expected '\(own)', as the key's own header has it, found '\(found)'"
        case .noProtectionKey: "block KP tells of a wrapping key, and this transport has none"
        case .unfit(let reason): reason
        case .modeOfUse(let mode): "an initial key has mode of use X, which cannot be changed to \(mode)"
        case .exportability(let value): "an initial key is not exportable (N), found --exportability \(value)"
        case .widerModeOfUse(let own, let found):
            "mode of use: expected \(Self.list(own.permittedModes)), since the key has \(own), found \(found)"
        case .widerExportability(let own, let found):
            "exportability: expected \(Self.list(own.permittedValues)), since the key has \(own), found \(found)"
        case .notExportable: "the key has exportability N and is not exported"
        case .component(let own, let found): "key version: expected \(own), which marks a component, found \(found)"
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

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        let words = values.map(\.description)
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension ModeOfUse {
    /// The modes that a key with this one may be handed on with.
    fileprivate var permittedModes: [ModeOfUse] { Self.allCases.filter(permits) }
}

extension Exportability {
    /// The values that a key with this one may be handed on with.
    fileprivate var permittedValues: [Exportability] { Self.allCases.filter(permits) }
}
