import Facility
import PaymentCrypto

/// A key that is not whole yet: what it will be, who has brought what, and what is missing.
///
/// No component's check value is here: the next custodian may be the one who looks.
struct WaitingKeyReport: Encodable {
    let name: String
    let usage: String
    let algorithm: String
    let modeOfUse: String
    let exportability: String
    let keyVersion: String
    let optionalBlocks: [KeyReport.Block]
    let expectedKCV: String?
    let components: [Component]
    let missing: [Int]
    private let statement: String

    struct Component: Encodable {
        let number: Int
        let custodian: String?
        let bag: String?
        let date: String
    }

    enum CodingKeys: String, CodingKey {
        case name, usage, algorithm, exportability, components, missing
        case modeOfUse = "mode_of_use"
        case keyVersion = "key_version"
        case optionalBlocks = "optional_blocks"
        case expectedKCV = "expected_kcv"
    }

    init(_ key: WaitingKey) {
        name = key.name.description
        usage = key.header.keyUsage.description
        algorithm = key.algorithm.rawValue
        modeOfUse = key.header.modeOfUse.description
        exportability = key.header.exportability.description
        keyVersion = key.header.keyVersion.description
        optionalBlocks = key.header.optionalBlocks.map { KeyReport.Block(id: $0.id.description, data: $0.data) }
        expectedKCV = key.expectedCheckValue?.description
        components = key.custody.map {
            Component(
                number: $0.number, custodian: $0.custodian?.description, bag: $0.bag?.description, date: $0.date)
        }
        missing = key.missing
        statement = key.statement
    }

    var text: String {
        Columns.facts(
            [
                ("name", name), ("usage", usage), ("algorithm", algorithm), ("mode of use", modeOfUse),
                ("exportability", exportability), ("key version", keyVersion),
            ] + optionalBlocks.map { ("optional block", "\($0.id)=\($0.data)") }
                + (expectedKCV.map { [("expected KCV", $0)] } ?? [])
                + components.map { ("component \($0.number)", Self.words($0)) } + [("waits", statement)])
    }

    /// The cells of a row in the list of keys.
    var listRow: [String] {
        [name, usage, algorithm, modeOfUse, exportability, "-", components.first?.date ?? "-", statement, "waits", ""]
    }

    private static func words(_ component: Component) -> String {
        let bringer = component.custodian.map { "from \($0), " } ?? ""
        let container = component.bag.map { "bag \($0), " } ?? ""
        return bringer + container + component.date
    }
}
