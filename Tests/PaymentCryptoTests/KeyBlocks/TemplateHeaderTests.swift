import Testing

@_spi(Engine) @testable import PaymentCrypto

/// The header that a token carries is the one that a key block of the same row would have.
@Suite("A template's header by itself")
struct TemplateHeaderTests {
    private static let blocks: [KeyBlockTemplate.Block] = [
        .keyCheckValue, .label(default: [.literal("till "), .deviceID]),
        .text(id: OptionalBlock.Identifier(UInt8(ascii: "1"), UInt8(ascii: "A")), [.deviceID, .literal("x")]),
    ]

    private func template(_ algorithm: KeyAlgorithm) -> KeyBlockTemplate {
        KeyBlockTemplate(
            header: KeyBlockHeader(version: .d, keyUsage: .initialDUKPTKey, algorithm: KeyBlockAlgorithm(algorithm)),
            blocks: [algorithm.isTDES ? .initialKeySerialNumber : .initialKeyID] + Self.blocks)
    }

    @Test(arguments: [KeyAlgorithm.tdes2Key, .aes128], ["", "L-1"])
    func sameAsKeyBlock(algorithm: KeyAlgorithm, label: String) throws {
        let protection = KeyBlockProtection(SymmetricKey.seeded(.aes256, 1))
        let base = BaseKeySource(try BaseDerivationKey(SymmetricKey.seeded(algorithm, 2)))
        let template = template(algorithm)
        let workshop = try InitialKeyWorkshop(
            bdk: base, protection: protection, order: .init(template: template, algorithm: algorithm), capacity: 1)
        let (device, version) = (Array("T-1".utf8), Array("07".utf8))
        try device.withUnsafeBufferPointer { device in
            try version.withUnsafeBufferPointer { version in
                try Array(label.utf8).withUnsafeBufferPointer { label in
                    var row = KeyBlockTemplate.Row()
                    (row.serialNumber, row.deviceID, row.label) = (0xFFFF_9876_5400_0020, device, label)
                    row.keyVersion = version
                    try compare(row, workshop, template, protection, base)
                }
            }
        }
    }

    private func compare(
        _ row: KeyBlockTemplate.Row, _ workshop: InitialKeyWorkshop, _ template: KeyBlockTemplate,
        _ protection: KeyBlockProtection, _ base: BaseKeySource
    ) throws {
        var (row, text) = (row, "")
        try withUnsafePointer(to: row.serialNumber) { number in
            try workshop.make(
                serialNumbers: UnsafeBufferPointer(start: number, count: 1), row: { [row] _ in row },
                deliver: { _, product in text = String(decoding: product.keyBlock, as: UTF8.self) })
        }
        let number = InitialKeySerialNumber(family: base.family, leading: row.serialNumber)
        row.keyCheckValue = try base.initialKey(for: number).checkValue()
        #expect(try template.header(for: row) == KeyBlock.open(text, under: protection).header)
    }

    @Test("what cannot be printed is refused")
    func notPrintable() throws {
        let bytes: [UInt8] = [0x07]
        bytes.withUnsafeBufferPointer { bytes in
            var row = KeyBlockTemplate.Row()
            row.label = bytes
            #expect(throws: HeaderOptionError.notPrintable(.label)) {
                try template(.aes128).header(for: row)
            }
        }
    }
}
