/// Everything one worker needs to look again at the key blocks of one BDK, one wrapping key and one form: open, check
/// value, header, and the key derived anew.
///
/// The way back of ``InitialKeyWorkshop``, on columns as well. Clear keys stay in its own secret memory, which is wiped
/// when it goes.
public final class InitialKeyInspector {
    /// What the key blocks have in common.
    public struct Order: Sendable {
        /// The algorithm of the initial keys.
        public var algorithm: KeyAlgorithm
        /// Of the key blocks.
        public var version: KeyBlockVersion
        /// Whether short keys are padded to the longest of their cipher.
        public var hidesLength: Bool
        /// The headers that there may be.
        public var headers: [InitialKeyHeader]
        /// The check value of the report.
        public var checkValueMethod: CheckValueMethod
        /// Its length in bytes.
        public var checkValueByteCount: Int

        /// Key blocks of one form.
        public init(
            algorithm: KeyAlgorithm, version: KeyBlockVersion, hidesLength: Bool, headers: [InitialKeyHeader],
            checkValueMethod: CheckValueMethod, checkValueByteCount: Int
        ) {
            (self.algorithm, self.version, self.hidesLength) = (algorithm, version, hidesLength)
            self.headers = headers
            (self.checkValueMethod, self.checkValueByteCount) = (checkValueMethod, checkValueByteCount)
        }
    }

    /// One device: its key block, and what the report says of it.
    public struct Row {
        /// The whole key block.
        public var keyBlock: UnsafeBufferPointer<UInt8>
        /// Where its parts are.
        public var frame: KeyBlockFrame
        /// The initial KSN's leading 8 bytes.
        public var serialNumber: UInt64
        /// What the report shows.
        public var checkValue: CheckValue

        /// A key block with its part of the report.
        public init(
            keyBlock: UnsafeBufferPointer<UInt8>, frame: KeyBlockFrame, serialNumber: UInt64, checkValue: CheckValue
        ) {
            (self.keyBlock, self.frame) = (keyBlock, frame)
            (self.serialNumber, self.checkValue) = (serialNumber, checkValue)
        }
    }

    /// The most rows that fit at once.
    public let capacity: Int
    private let order: Order
    private let payload: KeyBlockPayload
    private let column: KeyBlockColumn
    private let comparison: HeaderComparison
    private let derivation: InitialKeyDerivation?
    private let checkValueColumn: CheckValueColumn
    private let opened: KeyColumn
    private let derived: KeyColumn?
    private let texts: UnsafeMutableRawBufferPointer
    private let ciphertexts: UnsafeMutableRawBufferPointer
    private let headerLengths: UnsafeMutableBufferPointer<Int>
    private let serialNumbers: UnsafeMutableBufferPointer<UInt64>
    private let checkValues: UnsafeMutableBufferPointer<CheckValue>
    private let keyCheckValues: UnsafeMutableBufferPointer<CheckValue>
    private let isAuthentic: UnsafeMutableBufferPointer<Bool>
    private let isReadable: UnsafeMutableBufferPointer<Bool>

    /// Sets the ciphers up.
    ///
    /// - Parameters:
    ///   - bdk: what the keys are derived from anew; nil where it is not there.
    ///   - capacity: the most rows wanted at once.
    /// - Throws: `.unsuitableProtectionKey` where the version is none of the wrapping key's, `.engine`.
    @_spi(Engine) public init(
        bdk: BaseKeySource?, protection: KeyBlockProtection, order: Order, engine: any CipherEngine, capacity: Int
    ) throws(KeyBlockError) {
        let (algorithm, version) = (order.algorithm, order.version)
        guard version.canBeMade, version.isTDES == protection.algorithm.isTDES else {
            throw .unsuitableProtectionKey(version: version, found: protection.algorithm)
        }
        precondition(bdk.map { $0.algorithm == algorithm } ?? true)
        self.order = order
        self.capacity = max(1, capacity)
        payload = KeyBlockPayload(algorithm, version: version, lengthObfuscation: order.hidesLength)
        do throws(EngineError) {
            let ciphers = engine is BitslicedEngine ? order.lockedByteCountOfFastCiphers : 0
            try SecretMemory.checkRoom(for: self.capacity * order.lockedByteCountPerRow + ciphers)
            comparison = HeaderComparison(
                order.headers, algorithm: algorithm, protectionCheckValue: try protection.checkValue())
            opened = KeyColumn(algorithm: algorithm, capacity: self.capacity)
            derived = bdk.map { _ in KeyColumn(algorithm: algorithm, capacity: max(1, capacity)) }
            derivation = try bdk?.makeDerivation(engine: engine, capacity: self.capacity)
            checkValueColumn = try CheckValueColumn(algorithm, engine: engine, capacity: self.capacity)
            column = KeyBlockColumn(
                ciphers: try protection.makeCiphers(version, engine: engine), payload: payload, capacity: self.capacity)
        } catch {
            throw .engine(error)
        }
        texts = .allocate(byteCount: Self.textByteCount, alignment: 64)
        let rest = payload.byteCount + version.macByteCount
        ciphertexts = .allocate(byteCount: self.capacity * rest, alignment: 64)
        headerLengths = .allocate(capacity: self.capacity)
        serialNumbers = .allocate(capacity: self.capacity)
        checkValues = .allocate(capacity: self.capacity)
        keyCheckValues = .allocate(capacity: self.capacity)
        isAuthentic = .allocate(capacity: self.capacity)
        isReadable = .allocate(capacity: self.capacity)
    }

    /// The same, with blocks under TDES keys in this process's memory given to the engine that was asked for.
    public convenience init(
        bdk: BaseKeySource?, protection: KeyBlockProtection, order: Order, tdesEngine: TDESEngine = .auto, capacity: Int
    ) throws(KeyBlockError) {
        try self.init(
            bdk: bdk, protection: protection, order: order, engine: tdesEngine.engine(rows: capacity),
            capacity: capacity)
    }

    deinit {
        texts.deallocate()
        ciphertexts.deallocate()
        headerLengths.deallocate()
        serialNumbers.deallocate()
        checkValues.deallocate()
        keyCheckValues.deallocate()
        isAuthentic.deallocate()
        isReadable.deallocate()
    }

    /// Headers stay within a few hundred kilobytes, however long the optional blocks are; one always fits.
    private static let textByteCount = 256 << 10

    /// Opens the key blocks of any number of rows and tells of each that is not as the report has it.
    ///
    /// - Parameters:
    ///   - row: a row by its number; asked more than once.
    ///   - tell: the row's number and what is wrong with it; the first thing only.
    public func inspect(
        count: Int, row: (Int) -> Row, tell: (Int, InitialKeyDifference) -> Void
    ) throws(KeyBlockError) {
        var first = 0
        while first < count {
            var (end, stride) = (first, 0)
            while end < count, end - first < capacity {
                let next = max(stride, row(end).frame.headerLength)
                guard (end - first + 1) * next <= texts.count else { break }
                (end, stride) = (end + 1, next)
            }
            let start = first
            try inspectColumn(
                count: end - first, stride: stride, row: { row(start + $0) }, tell: { tell(start + $0, $1) })
            first = end
        }
    }

    private func inspectColumn(
        count: Int, stride: Int, row: (Int) -> Row, tell: (Int, InitialKeyDifference) -> Void
    ) throws(KeyBlockError) {
        for index in 0..<count { takeIn(row(index), at: index, stride: stride) }
        do throws(EngineError) {
            try open(count, stride: stride)
            try checkValueColumn.compute(
                order.checkValueMethod, byteCount: order.checkValueByteCount, of: opened, into: checkValues)
            try computeKeyCheckValues()
            if let derivation, let derived {
                try derivation.derive(UnsafeBufferPointer(rebasing: serialNumbers[..<count]), into: derived)
            }
        } catch {
            throw .engine(error)
        }
        for index in 0..<count {
            if let difference = difference(row(index), at: index) { tell(index, difference) }
        }
        try checkSample(count, row, tell)
    }

    private func takeIn(_ row: Row, at index: Int, stride: Int) {
        let (text, frame) = (row.keyBlock, row.frame)
        precondition(frame.payloadByteCount == payload.byteCount && frame.version == order.version)
        headerLengths[index] = frame.headerLength
        serialNumbers[index] = row.serialNumber
        let header = UnsafeBufferPointer(rebasing: text[..<frame.headerLength])
        UnsafeMutableRawBufferPointer(rebasing: texts[(index * stride)...]).copyMemory(
            from: UnsafeRawBufferPointer(header))
        let rest = payload.byteCount + order.version.macByteCount
        let bytes = UnsafeMutableRawBufferPointer(rebasing: ciphertexts[(index * rest)..<(index + 1) * rest])
            .bindMemory(to: UInt8.self)
        let digits = UnsafeBufferPointer(rebasing: text[frame.headerLength...])
        isReadable[index] = bytes.baseAddress.map { Hexadecimal.decode(upperCase: digits, into: $0) } ?? false
        if !isReadable[index] { bytes.update(repeating: 0) }
    }

    /// The keys are then side by side; where a key block did not open there are zeros.
    private func open(_ count: Int, stride: Int) throws(EngineError) {
        let batch = KeyBlockColumn.Batch(
            texts: texts, stride: stride, headerLengths: UnsafeBufferPointer(rebasing: headerLengths[..<count]))
        let ciphertexts = KeyBlockColumn.Ciphertexts(
            bytes: UnsafeRawBufferPointer(ciphertexts), payloadByteCount: payload.byteCount,
            macByteCount: order.version.macByteCount)
        try column.open(batch, ciphertexts, isAuthentic: isAuthentic)
        opened.count = count
        for index in 0..<count {
            let place = UnsafeMutableRawBufferPointer(
                rebasing: opened.scratch.bytes[(index * opened.stride)..<(index + 1) * opened.stride])
            if isAuthentic[index] && isReadable[index] {
                let clear = column.payloadBytes(of: index)
                place.copyMemory(from: UnsafeRawBufferPointer(rebasing: clear[2..<2 + payload.keyByteCount]))
            } else {
                place.initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
    }

    /// KC holds 3 bytes legacy (TDES) or 5 bytes CMAC (AES), whatever the report shows.
    private func computeKeyCheckValues() throws(EngineError) {
        guard comparison.needsKeyCheckValue else { return }
        let method = CheckValueMethod.standard(for: order.algorithm)
        try checkValueColumn.compute(method, byteCount: method.standardByteCount, of: opened, into: keyCheckValues)
    }

    private func difference(_ row: Row, at index: Int) -> InitialKeyDifference? {
        guard isReadable[index] else { return .unreadable }
        guard isAuthentic[index] else { return .wrongKeyOrAltered }
        let clear = column.payloadBytes(of: index)
        let bits = Int(clear[0]) << 8 | Int(clear[1])
        guard bits == payload.keyByteCount * 8 else {
            return .keyLength(expected: payload.keyByteCount * 8, found: bits)
        }
        let header = HeaderComparison.Row(
            text: row.keyBlock, frame: row.frame, serialNumber: row.serialNumber,
            keyCheckValue: comparison.needsKeyCheckValue ? keyCheckValues[index] : nil, hidesLength: order.hidesLength)
        if let difference = comparison.difference(header) { return .header(difference) }
        guard checkValues[index] == row.checkValue else { return .checkValue(found: checkValues[index]) }
        if let derived, !constantTimeEqual(derived.bytes(of: index), opened.bytes(of: index)) { return .otherKey }
        return nil
    }

    /// Holds one key block of every column, another one each time, against all rules that a receiver may have.
    private func checkSample(
        _ count: Int, _ row: (Int) -> Row, _ tell: (Int, InitialKeyDifference) -> Void
    ) throws(KeyBlockError) {
        guard count > 0 else { return }
        let index = Int.random(in: 0..<count)
        guard difference(row(index), at: index) == nil else { return }
        let block = try UnverifiedKeyBlock(utf8: Array(row(index).keyBlock))
        guard let deviation = block.deviations.first(where: { $0.severity >= .strictOnly }) else { return }
        tell(index, .header("\(deviation)"))
    }
}

extension InitialKeyInspector.Order {
    /// How much locked memory each row takes: the key as opened and as derived, what it is derived and checked in,
    /// payload, chain and authenticator.
    public var lockedByteCountPerRow: Int {
        let payload = KeyBlockPayload(algorithm, version: version, lengthObfuscation: hidesLength)
        let block = version.blockByteCount
        let states = KeyBlockColumn.blocksAtOnce(version, payload) * block
        let derivation = 2 * KeyColumn.stride(of: algorithm) + (algorithm.isTDES ? algorithm.blockByteCount : 0)
        return derivation + algorithm.blockByteCount + payload.byteCount + states + block
    }

    /// How much the fast engine's ciphers take besides, however many rows there are.
    public var lockedByteCountOfFastCiphers: Int {
        let derivation = algorithm.isTDES ? 3 : 0
        let keyBlock = version.blockByteCount == KeyAlgorithm.tdes2Key.blockByteCount ? 2 : 0
        return (derivation + keyBlock) * BitslicedEngine.mostLockedByteCountPerCipher
    }
}

/// What is wrong with a key block, or with what a report says of it; nothing secret is in any of them.
public enum InitialKeyDifference: Equatable, Sendable, CustomStringConvertible {
    /// The encrypted part is no upper-case hexadecimal.
    case unreadable
    /// The authenticator is not that of this text under this key.
    case wrongKeyOrAltered
    /// The key in it has another length.
    case keyLength(expected: Int, found: Int)
    /// The header is not as the run and the report have it.
    case header(String)
    /// The key in it has another check value than the report shows.
    case checkValue(found: CheckValue)
    /// The key in it is not the one that the base derivation key gives for the serial number.
    case otherKey

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .unreadable: "expected upper-case hexadecimal digits behind the header, found something else"
        case .wrongKeyOrAltered: "does not open: wrong key, or altered"
        case .keyLength(let expected, let found): "expected a key of \(expected) bits, found one of \(found)"
        case .header(let difference): "header: \(difference)"
        case .checkValue(let found): "the key in the key block has check value \(found)"
        case .otherKey: "the key in the key block is not the one that the BDK gives for this serial number"
        }
    }
}
