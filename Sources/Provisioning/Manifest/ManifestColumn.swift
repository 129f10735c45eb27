/// The columns that a manifest may have, by the names that the header row gives them.
public enum ManifestColumn: String, CaseIterable, Sendable {
    /// Names the device.
    case deviceIdentifier = "device_id"
    /// The device's key serial number.
    case keySerialNumber = "ksn"
    /// How many devices the row stands for.
    case quantity
    /// The base derivation key's name.
    case baseKey = "bdk"
    /// The key block protection key's name.
    case protectionKey = "kbpk"
    /// The header profile's name.
    case profile
    /// The device's certificate file.
    case certificate
    /// The nonce of a two-pass TR-34 token.
    case nonce
    /// The terminal's model.
    case model
    /// Free text, written as optional block LB.
    case label
    /// One of several keys of a device.
    case slot
    /// The key version number.
    case keyVersion = "key_version"

    /// Whether a manifest cannot do without it.
    var isRequired: Bool { self == .deviceIdentifier || self == .keySerialNumber }
}

/// One `--map ours=theirs`: the manifest calls one of our columns by a name of its own.
public struct ColumnMapping: Sendable, Equatable {
    /// Our column.
    public let ours: ManifestColumn
    /// The name in the manifest's header row.
    public let theirs: String

    /// Maps a column.
    public init(ours: ManifestColumn, theirs: String) {
        self.ours = ours
        self.theirs = theirs
    }

    /// Reads `ours=theirs`.
    public init(pair: String) throws(ColumnMappingError) {
        guard let sign = pair.firstIndex(of: "="), sign != pair.startIndex,
            pair.index(after: sign) != pair.endIndex
        else { throw .notAPair }
        let name = String(pair[..<sign])
        guard let ours = ManifestColumn(rawValue: name) else { throw .unknownColumn(name) }
        self.init(ours: ours, theirs: String(pair[pair.index(after: sign)...]))
    }
}

/// What is wrong with a `--map`.
public enum ColumnMappingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not two names with an equals sign between them.
    case notAPair
    /// Our side of it is no column of a manifest.
    case unknownColumn(String)

    /// Expected and found.
    public var description: String {
        switch self {
        case .notAPair: "expected ours=theirs"
        case .unknownColumn(let name):
            "expected one of \(ManifestColumn.allCases.map(\.rawValue).joined(separator: ", ")), found '\(name)'"
        }
    }
}
