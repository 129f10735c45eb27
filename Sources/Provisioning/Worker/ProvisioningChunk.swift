import PaymentCrypto

/// Everything about one chunk of devices on its way through the second pass: rows in, text out.
///
/// One owner at a time: the stage of the pipeline that has it. The memory is allocated once and used again.
final class ProvisioningChunk {
    /// The rows as they were read.
    let manifest: ManifestChunk
    /// The devices, checked.
    let devices: DeviceColumns
    /// What came out for each device that was accepted.
    let products: ProductColumns
    /// `keyblocks.csv` or `.jsonl`.
    let keyBlocks = ByteBuffer(capacity: 1 << 16)
    /// `check-values.csv`.
    let report = ByteBuffer(capacity: 1 << 16)
    /// `rejected.csv`.
    let rejected = ByteBuffer(capacity: 64)
    /// `SHA256SUMS` lines of the device files.
    let sums = ByteBuffer(capacity: 64)
    var issuedCount = 0
    var rejectedCount = 0

    init(capacity: Int) {
        manifest = ManifestChunk(capacity: capacity)
        devices = DeviceColumns(capacity: capacity)
        products = ProductColumns(capacity: capacity)
    }

    func removeAllOutput() {
        for buffer in [keyBlocks, report, rejected, sums] { buffer.removeAll() }
        products.removeAll()
        issuedCount = 0
        rejectedCount = 0
    }

    /// A part of the manifest's text.
    @inline(__always)
    func text(_ reference: TextReference) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: manifest.text + Int(reference.offset), count: Int(reference.count))
    }
}

/// What came out for each device of a chunk: a check value, and the text that carries the key, of whatever length.
final class ProductColumns {
    let checkValue: UnsafeMutablePointer<CheckValue?>
    /// Where it belongs in the report's text, of a chunk that an interrupted run has written already.
    let checkValueOffset: UnsafeMutablePointer<Int>
    private let offset: UnsafeMutablePointer<Int>
    private let count: UnsafeMutablePointer<Int>
    private let capacity: Int
    private let text: ByteBuffer

    init(capacity: Int) {
        self.capacity = capacity
        checkValue = .allocate(capacity: capacity)
        checkValue.initialize(repeating: nil, count: capacity)
        checkValueOffset = .allocate(capacity: capacity)
        offset = .allocate(capacity: capacity)
        count = .allocate(capacity: capacity)
        text = ByteBuffer(capacity: 1 << 16)
    }

    deinit {
        checkValue.deallocate()
        checkValueOffset.deallocate()
        offset.deallocate()
        count.deallocate()
    }

    func removeAll() { text.removeAll() }

    func set(_ product: InitialKeyWorkshop.Product, of device: Int) {
        precondition(device < capacity)
        checkValue[device] = product.checkValue
        offset[device] = text.count
        count[device] = product.keyBlock.count
        text.append(product.keyBlock)
    }

    /// Takes bytes that are written as upper-case hexadecimal digits.
    func set(_ material: [UInt8], _ checkValue: CheckValue, of device: Int) {
        precondition(device < capacity)
        self.checkValue[device] = checkValue
        offset[device] = text.count
        count[device] = 2 * material.count
        material.withUnsafeBytes { Hexadecimal.write($0, to: text.reserve(2 * material.count)) }
        text.advance(by: 2 * material.count)
    }

    /// The key block, or the digits of a token or cryptogram.
    func material(of device: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: text.characters[offset[device]..<offset[device] + count[device]])
    }
}
