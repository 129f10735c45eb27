import Facility

/// Whatever stands under a name of the keyring, as it is shown.
enum AnyKeyReport: Encodable {
    case symmetric(KeyReport)
    case rsa(RSAKeyReport)
    case anchor(AnchorReport)

    /// What `name` stands for, with the custody record.
    init(_ name: KeyName, in keyring: Keyring) throws {
        switch keyring.kind(of: name) {
        case .rsa: self = .rsa(RSAKeyReport(try keyring.rsaKey(name)))
        case .anchor: self = .anchor(AnchorReport(try keyring.anchor(name)))
        case .symmetric, nil: self = .symmetric(KeyReport.full(try keyring.entry(name)))
        }
    }

    var text: String {
        switch self {
        case .symmetric(let report): report.text
        case .rsa(let report): report.text
        case .anchor(let report): report.text
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .symmetric(let report): try report.encode(to: encoder)
        case .rsa(let report): try report.encode(to: encoder)
        case .anchor(let report): try report.encode(to: encoder)
        }
    }

    fileprivate var name: String {
        switch self {
        case .symmetric(let report): report.name
        case .rsa(let report): report.name
        case .anchor(let report): report.name
        }
    }

    /// The cells of a row in the list of keys; none for a trust anchor.
    var listRow: [String] {
        switch self {
        case .symmetric(let report): report.listRow
        case .rsa(let report): report.listRow
        case .anchor: []
        }
    }

    /// Every key of either kind, in the order of the names.
    static func keys(of keyring: Keyring) -> [AnyKeyReport] {
        let reports =
            keyring.entries.map { AnyKeyReport.symmetric(KeyReport($0)) }
            + keyring.rsaKeys.map { AnyKeyReport.rsa(RSAKeyReport($0)) }
        return reports.sorted { $0.name < $1.name }
    }
}
