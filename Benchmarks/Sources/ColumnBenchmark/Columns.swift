@_spi(Engine) import PaymentCrypto

/// The same work through the columns of PaymentCrypto, on random keys.
final class Columns {
    private let workshop: InitialKeyWorkshop
    private var serialNumbers: [UInt64] = []

    init(_ family: Family, engine: any CipherEngine = OpenSSLEngine()) throws {
        let algorithm: KeyAlgorithm = family == .tdes ? .tdes2Key : .aes128
        let header = KeyBlockHeader(
            version: family == .tdes ? .b : .d, keyUsage: .initialDUKPTKey, algorithm: KeyBlockAlgorithm(algorithm))
        let template = KeyBlockTemplate(
            header: header, blocks: [family == .tdes ? .initialKeySerialNumber : .initialKeyID])
        workshop = try InitialKeyWorkshop(
            bdk: BaseKeySource(BaseDerivationKey(SymmetricKey.random(algorithm))),
            protection: KeyBlockProtection(SymmetricKey.random(family == .tdes ? .tdes2Key : .aes256)),
            order: InitialKeyWorkshop.Order(template: template, algorithm: algorithm), engine: engine,
            capacity: 4_096)
    }

    /// Provisions a range of devices; the sum keeps the work from being left out.
    func provision(_ family: Family, devices: Range<Int>) throws -> Int {
        var sum = 0
        var start = devices.lowerBound
        while start < devices.upperBound {
            let end = min(start + workshop.capacity, devices.upperBound)
            serialNumbers.removeAll(keepingCapacity: true)
            for device in start..<end { serialNumbers.append(family.serialNumber(device)) }
            try serialNumbers.withUnsafeBufferPointer { numbers in
                try workshop.make(serialNumbers: numbers) { index in
                    var row = KeyBlockTemplate.Row()
                    row.serialNumber = numbers[index]
                    return row
                } deliver: { _, product in
                    sum &+= Int(product.keyBlock[product.keyBlock.count - 1])
                }
            }
            start = end
        }
        return sum
    }
}
