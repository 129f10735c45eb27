/// How the key blocks of a run are laid out.
public enum Layout: String, CaseIterable, Sendable, Codable {
    /// One file per device, in `devices/`.
    case files
    /// `keyblocks.csv`.
    case csv
    /// `keyblocks.jsonl`.
    case jsonl

    /// The one file of the layout, if it has one.
    var fileName: String? {
        switch self {
        case .files: nil
        case .csv: "keyblocks.csv"
        case .jsonl: "keyblocks.jsonl"
        }
    }

    /// What the file begins with.
    var head: StaticString {
        self == .csv ? "device_id,slot,model,ksn,algorithm,kcv,key_block\n" : ""
    }
}
