@_spi(Engine) import PaymentCrypto
import TokenEngine

/// The whole work on devices with keys in the token, in columns.
final class TokenColumns {
    private let fleet: Fleet
    private let workshop: InitialKeyWorkshop
    private(set) var lastKeyBlock = ""

    init(_ fleet: Fleet, vault: TokenVault) throws {
        self.fleet = fleet
        let header = KeyBlockHeader(
            version: fleet.version, keyUsage: .initialDUKPTKey, algorithm: KeyBlockAlgorithm(fleet.algorithm))
        let template = KeyBlockTemplate(
            header: header, blocks: [fleet.family == "tdes" ? .initialKeySerialNumber : .initialKeyID])
        workshop = try InitialKeyWorkshop(
            bdk: vault.baseKey(fleet.base.uri, variant: fleet.base.variant, algorithm: fleet.algorithm),
            protection: vault.protection(
                fleet.wrapping.uri, encryption: fleet.wrapping.encryption,
                authentication: fleet.wrapping.authentication, algorithm: fleet.wrappingAlgorithm),
            order: InitialKeyWorkshop.Order(template: template, algorithm: fleet.algorithm), capacity: 4_096)
    }

    func provision(devices: Range<Int>) throws {
        for start in stride(from: devices.lowerBound, to: devices.upperBound, by: workshop.capacity) {
            let end = min(start + workshop.capacity, devices.upperBound)
            let numbers = (start..<end).map(fleet.serialNumber)
            try numbers.withUnsafeBufferPointer { numbers in
                try workshop.make(serialNumbers: numbers) { index in
                    var row = KeyBlockTemplate.Row()
                    row.serialNumber = numbers[index]
                    return row
                } deliver: { index, product in
                    if index == numbers.count - 1 { lastKeyBlock = String(decoding: product.keyBlock, as: UTF8.self) }
                }
            }
        }
    }
}
