import PaymentCrypto
import Testing

@testable import Provisioning

/// Makes the key block of one device with header options, as a run does.
struct HeaderFixture {
    let algorithm: KeyAlgorithm
    let wrapping: KeyAlgorithm
    var options = HeaderOptions()
    var started = HeaderFixture.noon
    var deviceID = "TERM-1"
    var label = ""
    var keyVersion = ""

    static let noon = KeyBlockTime(year: 2026, month: 3, day: 1, hour: 12, minute: 0, second: 0) ?? .now
    static let serialNumber = InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5432_10E0)

    init(_ algorithm: KeyAlgorithm, under wrapping: KeyAlgorithm, blocks: [String] = []) throws {
        self.algorithm = algorithm
        self.wrapping = wrapping
        options.optionalBlocks = try blocks.map { try OptionalBlockOption(argument: $0) }
    }

    /// What came out, with the check values of the keys that went in.
    struct Product {
        let text: String
        let block: UnverifiedKeyBlock
        let keyCheckValue: CheckValue
        let wrappingCheckValue: CheckValue

        /// The optional blocks in their order, PB included, as `ID=data`.
        var blocks: [String] { block.optionalBlocks.map(\.description) }
        var identifiers: [String] { block.optionalBlocks.map(\.id.description) }
    }

    func make() throws -> Product {
        let base = BaseKeySource(try BaseDerivationKey(SymmetricKey.random(algorithm)))
        let wrappingKey = try SymmetricKey.random(wrapping)
        let wrappingCheckValue = try wrappingKey.checkValue()
        let template = try HeaderPlan(options, started: started)
            .template(for: algorithm, under: wrapping, wrappingCheckValue: wrappingCheckValue)
        let workshop = try InitialKeyWorkshop(
            bdk: base, protection: KeyBlockProtection(copying: wrappingKey),
            order: .init(template: template, algorithm: algorithm, lengthObfuscation: options.obfuscatesLength),
            capacity: 1)
        let text = try make(in: workshop)
        // A strict receiver takes it, and finds the device's key.
        let initialKey = try base.initialKey(
            for: InitialKeySerialNumber(family: base.family, leading: Self.serialNumber.leading))
        let isSame = try KeyBlock.open(text, under: wrappingKey).takeKey().isEqual(to: initialKey)
        #expect(isSame)
        return Product(
            text: text, block: try UnverifiedKeyBlock(text), keyCheckValue: try initialKey.checkValue(),
            wrappingCheckValue: wrappingCheckValue)
    }

    private func make(in workshop: InitialKeyWorkshop) throws -> String {
        var text = ""
        let (name, label, version) = (Array(deviceID.utf8), Array(label.utf8), Array(keyVersion.utf8))
        try name.withUnsafeBufferPointer { name in
            try label.withUnsafeBufferPointer { label in
                try version.withUnsafeBufferPointer { version in
                    var row = KeyBlockTemplate.Row()
                    row.serialNumber = Self.serialNumber.leading
                    (row.deviceID, row.label, row.keyVersion) = (name, label, version)
                    try [row.serialNumber].withUnsafeBufferPointer { numbers in
                        try workshop.make(serialNumbers: numbers, row: { _ in row }) { _, product in
                            text = String(decoding: product.keyBlock, as: UTF8.self)
                        }
                    }
                }
            }
        }
        return text
    }
}
