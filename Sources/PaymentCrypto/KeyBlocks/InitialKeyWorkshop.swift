/// Everything one worker needs to provision devices of one BDK, one wrapping key and one header: derive, check, wrap.
///
/// It works on columns of devices; clear keys stay in its own secret memory, which is wiped when it goes.
public final class InitialKeyWorkshop {
    /// What the workshop makes.
    public struct Order: Sendable {
        /// The header of every key block.
        public var template: KeyBlockTemplate
        /// Whether short keys are padded to the longest of their cipher.
        public var lengthObfuscation: Bool
        /// The check value of the report.
        public var checkValueMethod: CheckValueMethod
        /// Its length in bytes.
        public var checkValueByteCount: Int
        /// The longest device ID and label that a row may have.
        public var longestDeviceID: Int
        /// The longest label that a row may have.
        public var longestLabel: Int

        /// An order with the defaults of X9.143 and of the algorithm.
        public init(
            template: KeyBlockTemplate, algorithm: KeyAlgorithm, lengthObfuscation: Bool = true,
            checkValueMethod: CheckValueMethod? = nil, checkValueByteCount: Int? = nil, longestDeviceID: Int = 64,
            longestLabel: Int = 64
        ) {
            self.template = template
            self.lengthObfuscation = lengthObfuscation
            let method = checkValueMethod ?? .standard(for: algorithm)
            self.checkValueMethod = method
            self.checkValueByteCount = checkValueByteCount ?? method.standardByteCount
            self.longestDeviceID = longestDeviceID
            self.longestLabel = longestLabel
        }
    }

    /// The most rows that fit at once.
    public let capacity: Int
    /// Characters from one row's key block to the next one's.
    public let stride: Int
    private let order: Order
    private let version: KeyBlockVersion
    private let following: Int
    /// Nil where the headers of rows differ in more than their serial number.
    private let image: HeaderImage?
    private let derivation: InitialKeyDerivation
    private let checkValueColumn: CheckValueColumn
    private let column: KeyBlockColumn
    private let keys: KeyColumn
    private let random = SystemRandom()
    private let texts: UnsafeMutableRawBufferPointer
    private let fill: UnsafeMutableRawBufferPointer
    private let headerLengths: UnsafeMutableBufferPointer<Int>
    private let checkValues: UnsafeMutableBufferPointer<CheckValue>
    private let keyCheckValues: UnsafeMutableBufferPointer<CheckValue>
    /// Opens the samples.
    private let opening: KeyBlockCiphers

    /// Sets the ciphers up.
    ///
    /// - Parameter capacity: the most rows wanted at once; fewer where the key blocks are very long.
    /// - Throws: what ``KeyBlock/wrap(_:header:under:lengthObfuscation:)`` throws for the same keys and header.
    @_spi(Engine) public init(
        bdk: BaseKeySource, protection: KeyBlockProtection, order: Order, engine: any CipherEngine,
        capacity wanted: Int
    ) throws(KeyBlockError) {
        let algorithm = bdk.algorithm
        version = order.template.header.version
        try KeyBlock.checkMayWrap(algorithm, version: version, under: protection)
        guard order.template.header.algorithm == KeyBlockAlgorithm(algorithm) else {
            throw .algorithmMismatch(header: order.template.header.algorithm, key: algorithm)
        }
        let payload = KeyBlockPayload(algorithm, version: version, lengthObfuscation: order.lengthObfuscation)
        following = payload.characterCount(version)
        stride =
            order.template.maximumLength(longestDeviceID: order.longestDeviceID, longestLabel: order.longestLabel)
            + following
        // The texts stay within a mebibyte or so, however long the optional blocks are.
        capacity = max(1, min(wanted, (1 << 20) / stride))
        self.order = order
        do throws(EngineError) {
            let ciphers = engine is BitslicedEngine ? order.lockedByteCount(ofFastCiphersFor: algorithm) : 0
            try SecretMemory.checkRoom(for: capacity * order.lockedByteCount(perRowOf: algorithm) + ciphers)
        } catch {
            throw .engine(error)
        }
        keys = KeyColumn(algorithm: algorithm, capacity: capacity)
        let ciphers: KeyBlockCiphers
        do throws(EngineError) {
            derivation = try bdk.makeDerivation(engine: engine, capacity: capacity)
            checkValueColumn = try CheckValueColumn(algorithm, engine: engine, capacity: capacity)
            ciphers = try protection.makeCiphers(version, engine: engine)
            // A kernel works for hundreds of blocks whenever it is asked for one; and what opens is not what has closed.
            opening =
                engine is BitslicedEngine ? try protection.makeCiphers(version, engine: OpenSSLEngine()) : ciphers
        } catch {
            throw .engine(error)
        }
        column = KeyBlockColumn(ciphers: ciphers, payload: payload, capacity: capacity)
        texts = .allocate(byteCount: capacity * stride, alignment: 64)
        fill = .allocate(byteCount: capacity * KeyBlockTemplate.fillByteCount, alignment: 64)
        headerLengths = .allocate(capacity: capacity)
        // Last, so that nothing that throws leaves it behind.
        image = order.template.makeImage(following: following)
        checkValues = .allocate(capacity: capacity)
        keyCheckValues = .allocate(capacity: capacity)
    }

    /// The same, with blocks under TDES keys in this process's memory given to the engine that was asked for.
    public convenience init(
        bdk: BaseKeySource, protection: KeyBlockProtection, order: Order, tdesEngine: TDESEngine = .auto, capacity: Int
    ) throws(KeyBlockError) {
        try self.init(
            bdk: bdk, protection: protection, order: order, engine: tdesEngine.engine(rows: capacity),
            capacity: capacity)
    }

    deinit {
        image?.deallocate()
        texts.deallocate()
        fill.deallocate()
        headerLengths.deallocate()
        checkValues.deallocate()
        keyCheckValues.deallocate()
    }

    /// What came out for one row; the text is overwritten by the next call.
    public struct Product {
        /// The whole key block.
        public let keyBlock: UnsafeBufferPointer<UInt8>
        /// The check value for the report.
        public let checkValue: CheckValue
    }

    /// Makes the key blocks of up to ``capacity`` rows, opens one of them again, and hands out every product in order.
    ///
    /// - Throws: `.tooLong` where a header does not fit, `.engine` where a cipher failed or the opened key block does
    ///   not hold the key that went in.
    public func make(
        serialNumbers: UnsafeBufferPointer<UInt64>, row: (Int) -> KeyBlockTemplate.Row,
        deliver: (Int, Product) -> Void
    ) throws(KeyBlockError) {
        precondition(serialNumbers.count <= capacity)
        let count = serialNumbers.count
        do throws(EngineError) {
            try derivation.derive(serialNumbers, into: keys)
            try checkValueColumn.compute(
                order.checkValueMethod, byteCount: order.checkValueByteCount, of: keys, into: checkValues)
            try computeKeyCheckValues()
        } catch { throw .engine(error) }
        try writeHeaders(count, row)
        do throws(EngineError) {
            try column.complete(
                texts: texts, stride: stride, headerLengths: UnsafeBufferPointer(rebasing: headerLengths[..<count]),
                keys: keys)
        } catch { throw .engine(error) }
        try checkSample(of: count)
        for index in 0..<count { deliver(index, product(at: index)) }
    }

    private func product(at index: Int) -> Product {
        Product(keyBlock: text(at: index), checkValue: checkValues[index])
    }

    private func text(at index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = index * stride
        let end = start + headerLengths[index] + following
        return UnsafeBufferPointer(
            UnsafeMutableRawBufferPointer(rebasing: texts[start..<end]).bindMemory(to: UInt8.self))
    }

    /// KC holds 3 bytes legacy (TDES) or 5 bytes CMAC (AES), whatever the report shows.
    private func computeKeyCheckValues() throws(EngineError) {
        guard order.template.needsKeyCheckValue else { return }
        let method = CheckValueMethod.standard(for: keys.algorithm)
        try checkValueColumn.compute(method, byteCount: method.standardByteCount, of: keys, into: keyCheckValues)
    }

    private func writeHeaders(_ count: Int, _ row: (Int) -> KeyBlockTemplate.Row) throws(KeyBlockError) {
        guard let start = texts.bindMemory(to: UInt8.self).baseAddress, let fill = fill.baseAddress else { return }
        let (image, stride, headerLengths) = (image, stride, headerLengths)
        var isFilled = false
        if image?.isPadded ?? true { try fillPadding(of: count, &isFilled) }
        for index in 0..<count {
            let (row, text) = (row(index), start + index * stride)
            let padding = UnsafeRawBufferPointer(
                start: fill + index * KeyBlockTemplate.fillByteCount, count: KeyBlockTemplate.fillByteCount)
            if let image, image.fits(row) {
                image.write(row, to: text, fill: padding)
                headerLengths[index] = image.count
            } else {
                try fillPadding(of: count, &isFilled)
                headerLengths[index] = try write(row, at: index, to: text, fill: padding)
            }
        }
    }

    private func write(
        _ row: KeyBlockTemplate.Row, at index: Int, to text: UnsafeMutablePointer<UInt8>, fill: UnsafeRawBufferPointer
    ) throws(KeyBlockError) -> Int {
        var row = row
        if order.template.needsKeyCheckValue { row.keyCheckValue = keyCheckValues[index] }
        return try order.template.write(row, to: text, following: following, fill: fill)
    }

    /// Draws the random bytes for the padding blocks of so many rows, at the first row that needs them.
    private func fillPadding(of count: Int, _ isFilled: inout Bool) throws(KeyBlockError) {
        if isFilled { return }
        let used = UnsafeMutableRawBufferPointer(rebasing: fill[..<(count * KeyBlockTemplate.fillByteCount)])
        do throws(EngineError) { try random.fill(used) } catch { throw .engine(error) }
        isFilled = true
    }

    /// Opens one key block of every column again, another one each time, and compares the key.
    private func checkSample(of count: Int) throws(KeyBlockError) {
        guard count > 0 else { return }
        let index = Int.random(in: 0..<count)
        let block = try UnverifiedKeyBlock(String(decoding: text(at: index), as: UTF8.self))
        if let deviation = block.deviations.first(where: { $0.severity >= .strictOnly }) {
            throw .ruleBroken(deviation)
        }
        do throws(EngineError) {
            guard let payload = try opening.authenticPayload(of: block) else { throw Self.sampleFailure }
            let key = keys.bytes(of: index)
            let holdsKey = payload.withExposedBytes { clear in
                clear.count >= key.count + 2 && Int(clear[0]) << 8 | Int(clear[1]) == key.count * 8
                    && constantTimeEqual(UnsafeRawBufferPointer(rebasing: clear[2..<key.count + 2]), key)
            }
            guard holdsKey else { throw Self.sampleFailure }
        } catch {
            throw .engine(error)
        }
    }

    private static let sampleFailure = EngineError(.operationFailed("opening a key block that was just made"))

    /// Makes one key block for a device of no fleet and opens it strictly, so that a header which no receiver would
    /// take is refused before anything is written.
    ///
    /// The device has the longest ID and label that there may be, so what passes here is short enough for any.
    ///
    /// - Throws: what ``KeyBlock/wrap(_:header:under:lengthObfuscation:)`` and ``KeyBlock/open(_:under:strictness:)``
    ///   throw.
    public func tryOut(under protection: KeyBlockProtection) throws(KeyBlockError) {
        var made = ""
        let example = [UInt8](repeating: UInt8(ascii: "X"), count: max(order.longestDeviceID, order.longestLabel))
        try example.withUnsafeBufferPointer { text throws(KeyBlockError) in
            var row = KeyBlockTemplate.Row()
            row.deviceID = UnsafeBufferPointer(rebasing: text[..<order.longestDeviceID])
            row.label = UnsafeBufferPointer(rebasing: text[..<order.longestLabel])
            try withUnsafePointer(to: row.serialNumber) { number throws(KeyBlockError) in
                try make(serialNumbers: UnsafeBufferPointer(start: number, count: 1), row: { _ in row }) { _, product in
                    made = String(decoding: product.keyBlock, as: UTF8.self)
                }
            }
        }
        _ = try KeyBlock.open(made, under: protection)
    }
}
