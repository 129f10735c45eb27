import Glibc

/// Encrypts and authenticates the key blocks of many devices in lock step: one engine call per block column.
///
/// Each row holds the header text of its key block; the column appends ciphertext and MAC. Rows may differ in length.
/// X9.143:2021 and TR-31:2018 5.3, versions B and D (CBC) and E (CTR). One owner: a worker.
final class KeyBlockColumn {
    let ciphers: KeyBlockCiphers
    let payload: KeyBlockPayload
    private let random: any RandomSource
    let block: Int
    let payloads: SecretScratch
    private let states: SecretScratch
    let macs: SecretScratch
    /// Rows by falling length, so that those still at work are always the first ones.
    let order: UnsafeMutableBufferPointer<Int32>
    /// Whether `order` is the rows' own: all of them have the same length.
    private var isInOrder = true

    /// - Parameter capacity: the most rows in one call.
    init(ciphers: KeyBlockCiphers, payload: KeyBlockPayload, capacity: Int, random: any RandomSource = SystemRandom()) {
        precondition(ciphers.version.canBeMade)
        self.ciphers = ciphers
        self.payload = payload
        self.random = random
        block = ciphers.version.blockByteCount
        payloads = SecretScratch(byteCount: capacity * payload.byteCount)
        states = SecretScratch(byteCount: capacity * block * Self.blocksAtOnce(ciphers.version, payload))
        macs = SecretScratch(byteCount: capacity * block)
        order = .allocate(capacity: capacity)
    }

    deinit {
        order.deallocate()
    }

    /// Completes the key block of every row.
    ///
    /// - Parameters:
    ///   - texts: row r begins at byte r x `stride` with a header of `headerLengths[r]` characters, a whole number of
    ///     cipher blocks; behind it there is room for the rest.
    ///   - keys: the key that goes into row r.
    func complete(
        texts: UnsafeMutableRawBufferPointer, stride: Int, headerLengths: UnsafeBufferPointer<Int>, keys: KeyColumn
    ) throws(EngineError) {
        let rows = headerLengths.count
        precondition(rows <= keys.count && rows <= order.count && rows * stride <= texts.count)
        precondition(keys.algorithm.byteCount == payload.keyByteCount)
        let following = payload.characterCount(ciphers.version)
        // Blocks have 8 or 16 bytes; a division for every row would cost as much as a block.
        let part = block - 1
        precondition(headerLengths.allSatisfy { $0 >= 0 && $0 & part == 0 && $0 + following <= stride })
        guard rows > 0 else { return }
        let batch = Batch(texts: texts, stride: stride, headerLengths: headerLengths)
        try fillPayloads(keys, rows: rows)
        sortByLength(batch)
        switch ciphers.authentication {
        case .columns(let cipher, let subkeys): try authenticate(batch, with: cipher, subkeys)
        case .messages(let authenticator): try authenticate(batch, with: authenticator)
        }
        switch ciphers.encryption {
        case .columns(let cipher):
            try ciphers.version == .e
                ? encryptInCounterMode(rows, with: cipher) : encryptInChains(rows, with: cipher)
        case .chains(let cipher): try encryptInChains(rows, with: cipher)
        }
        writeTexts(batch)
    }

    struct Batch {
        let texts: UnsafeMutableRawBufferPointer
        let stride: Int
        let headerLengths: UnsafeBufferPointer<Int>
        var rows: Int { headerLengths.count }
    }

    private func fillPayloads(_ keys: KeyColumn, rows: Int) throws(EngineError) {
        try random.fill(UnsafeMutableRawBufferPointer(rebasing: payloads.bytes[..<(rows * payload.byteCount)]))
        for row in 0..<rows { payload.write(keys.bytes(of: row), to: payloadBytes(of: row)) }
    }

    func payloadBytes(of row: Int) -> UnsafeMutableRawBufferPointer {
        let start = row * payload.byteCount
        return UnsafeMutableRawBufferPointer(rebasing: payloads.bytes[start..<start + payload.byteCount])
    }

    // MARK: Authentication

    func sortByLength(_ batch: Batch) {
        for row in 0..<batch.rows { order[row] = Int32(row) }
        let first = batch.headerLengths[0]
        isInOrder = batch.headerLengths.allSatisfy { $0 == first }
        if isInOrder { return }
        var used = UnsafeMutableBufferPointer(rebasing: order[..<batch.rows])
        used.sort { left, right in
            let (leftLength, rightLength) = (batch.headerLengths[Int(left)], batch.headerLengths[Int(right)])
            return leftLength == rightLength ? left < right : leftLength > rightLength
        }
    }

    /// CMAC over header and payload of every row; `macs` then has them in the order of `order`.
    func authenticate(
        _ batch: Batch, with cipher: any BlockCipher, _ subkeys: CMACSubkeys
    ) throws(EngineError) {
        let headerBlocks = batch.headerLengths[Int(order[0])] / block
        var active = batch.rows
        let shared = sharedBlocks(batch)
        try absorbShared(shared, batch, with: cipher)
        for index in shared..<headerBlocks {
            while active > 0, batch.headerLengths[Int(order[active - 1])] <= index * block { active -= 1 }
            xorHeaders(batch, block: index, rows: active)
            try cipher.encrypt(state(active))
        }
        let payloadBlocks = (payload.byteCount + block - 1) / block
        for index in 0..<payloadBlocks {
            xorPayloads(block: index, last: index == payloadBlocks - 1 ? subkeys : nil, rows: batch.rows)
            try cipher.encrypt(state(batch.rows))
        }
    }

    /// The columns of `macs` that are still at work.
    private func state(_ rows: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: macs.bytes[..<(rows * block)])
    }

    /// How many leading header blocks are the same in every row: they need to be authenticated once only.
    private func sharedBlocks(_ batch: Batch) -> Int {
        guard let start = batch.texts.baseAddress else { return 0 }
        var shared = batch.headerLengths[Int(order[batch.rows - 1])] / block
        for row in 1..<max(batch.rows, 1) {
            let other = start + row * batch.stride
            var same = 0
            while same < shared * block, start.word(at: same) == other.word(at: same) { same += 8 }
            if same < shared * block { shared = same / block }
            if shared == 0 { break }
        }
        return shared
    }

    private func absorbShared(
        _ shared: Int, _ batch: Batch, with cipher: any BlockCipher
    ) throws(EngineError) {
        let first = state(1)
        first.initializeMemory(as: UInt8.self, repeating: 0)
        for index in 0..<shared {
            first.xor(UnsafeRawBufferPointer(rebasing: batch.texts[(index * block)..<(index + 1) * block]))
            try cipher.encrypt(first)
        }
        for row in 1..<max(batch.rows, 1) {
            UnsafeMutableRawBufferPointer(rebasing: macs.bytes[(row * block)...])
                .copyMemory(from: UnsafeRawBufferPointer(first))
        }
    }

    private func xorHeaders(_ batch: Batch, block index: Int, rows: Int) {
        xor(into: macs.bytes, rows: rows, from: batch.texts, stride: batch.stride, offset: index * block)
    }

    /// - Parameter last: the subkeys where this is the last block.
    private func xorPayloads(block index: Int, last subkeys: CMACSubkeys?, rows: Int) {
        let start = index * block
        guard let subkeys, start + block > payload.byteCount else {
            xor(into: macs.bytes, rows: rows, from: payloads.bytes, stride: payload.byteCount, offset: start)
            // A whole last block. NIST SP 800-38B, 6.2, step 4.
            if let subkeys { xor(into: macs.bytes, rows: rows, constant: subkeys.whole) }
            return
        }
        for position in 0..<rows {
            let part = payloadBytes(of: Int(order[position]))[start...]
            let state = macs.bytes[(position * block)..<(position + 1) * block]
            subkeys.absorbLast(
                UnsafeRawBufferPointer(rebasing: part), into: UnsafeMutableRawBufferPointer(rebasing: state))
        }
    }

    // MARK: Encryption, in place over the payloads

    /// Versions B and D: CBC with the MAC as initialisation vector.
    private func encryptInChains(_ rows: Int, with cipher: any BlockCipher) throws(EngineError) {
        let chain = UnsafeMutableRawBufferPointer(rebasing: states.bytes[..<(rows * block)])
        chain.copyMemory(from: UnsafeRawBufferPointer(state(rows)))
        for index in 0..<payload.byteCount / block {
            let offset = index * block
            xor(into: chain, rows: rows, from: payloads.bytes, stride: payload.byteCount, offset: offset)
            try cipher.encrypt(chain)
            copy(chain, rows: rows, intoPayloadsAt: offset)
        }
    }

    /// Version E: counter mode with the MAC as the first counter block (ISO 20038), all blocks of all rows in one call.
    func encryptInCounterMode(_ rows: Int, with cipher: any BlockCipher) throws(EngineError) {
        let blocks = Self.blocksAtOnce(ciphers.version, payload)
        let counters = UnsafeMutableRawBufferPointer(rebasing: states.bytes[..<(rows * blocks * block)])
        for position in 0..<rows {
            for index in 0..<blocks {
                let offset = (position * blocks + index) * block
                let target = UnsafeMutableRawBufferPointer(rebasing: counters[offset..<offset + block])
                target.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: macs.bytes[(position * block)...].prefix(block)))
                target.incrementBigEndian(by: UInt64(index))
            }
        }
        try cipher.encrypt(counters)
        for position in 0..<rows {
            let offset = position * blocks * block
            payloadBytes(of: Int(order[position]))
                .xor(UnsafeRawBufferPointer(rebasing: counters[offset..<offset + payload.byteCount]))
        }
    }

    static func blocksAtOnce(_ version: KeyBlockVersion, _ payload: KeyBlockPayload) -> Int {
        version == .e ? (payload.byteCount + 15) / 16 : 1
    }

    // MARK: Text

    private func writeTexts(_ batch: Batch) {
        let macByteCount = ciphers.version.macByteCount
        for position in 0..<batch.rows {
            let row = Int(order[position])
            let start = row * batch.stride + batch.headerLengths[row]
            let end = start + payload.characterCount(ciphers.version)
            let target = UnsafeMutableRawBufferPointer(rebasing: batch.texts[start..<end]).bindMemory(to: UInt8.self)
            guard let text = target.baseAddress else { continue }
            Hexadecimal.write(UnsafeRawBufferPointer(payloadBytes(of: row)), to: text)
            let mac = macs.bytes[(position * block)..<(position * block + macByteCount)]
            Hexadecimal.write(UnsafeRawBufferPointer(rebasing: mac), to: text + 2 * payload.byteCount)
        }
    }

    /// Xors one block of each row into its state: `source` has row r at byte r x `stride`, the block at `offset` in it.
    ///
    /// Plain pointers: this is where a row's time goes. `complete` has checked the sizes.
    private func xor(
        into states: UnsafeMutableRawBufferPointer, rows: Int, from source: UnsafeMutableRawBufferPointer, stride: Int,
        offset: Int
    ) {
        precondition(rows * block <= states.count)
        guard var state = states.baseAddress, let start = source.baseAddress else { return }
        let isWide = block == 16
        if isInOrder {
            var part = UnsafeRawPointer(start + offset)
            for _ in 0..<rows {
                state.xorWord(part, at: 0)
                if isWide { state.xorWord(part, at: 8) }
                state += block
                part += stride
            }
            return
        }
        for position in 0..<rows {
            let part = UnsafeRawPointer(start + Int(order[position]) * stride + offset)
            state.xorWord(part, at: 0)
            if isWide { state.xorWord(part, at: 8) }
            state += block
        }
    }

    /// Xors the same block into every state.
    private func xor(into states: UnsafeMutableRawBufferPointer, rows: Int, constant: UnsafeRawBufferPointer) {
        precondition(rows * block <= states.count && constant.count == block)
        guard var state = states.baseAddress, let part = constant.baseAddress else { return }
        let isWide = block == 16
        for _ in 0..<rows {
            state.xorWord(part, at: 0)
            if isWide { state.xorWord(part, at: 8) }
            state += block
        }
    }

    /// Copies each row's block to `offset` in its payload.
    private func copy(_ blocks: UnsafeMutableRawBufferPointer, rows: Int, intoPayloadsAt offset: Int) {
        precondition(rows * block <= blocks.count && offset + block <= payload.byteCount)
        guard var source = blocks.baseAddress, let start = payloads.bytes.baseAddress else { return }
        let (stride, isWide) = (payload.byteCount, block == 16)
        for position in 0..<rows {
            let target = start + Int(order[position]) * stride + offset
            target.storeBytes(of: source.load(as: UInt64.self), as: UInt64.self)
            if isWide {
                target.storeBytes(of: source.load(fromByteOffset: 8, as: UInt64.self), toByteOffset: 8, as: UInt64.self)
            }
            source += block
        }
    }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate func word(at offset: Int) -> UInt64 { loadUnaligned(fromByteOffset: offset, as: UInt64.self) }

    /// Xors eight bytes of `other` into the same place here.
    @inline(__always)
    fileprivate func xorWord(_ other: UnsafeRawPointer, at offset: Int) {
        let mixed =
            loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            ^ other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        storeBytes(of: mixed, toByteOffset: offset, as: UInt64.self)
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Adds a small number to the whole buffer as one big-endian number, as counter mode does.
    func incrementBigEndian(by number: UInt64) {
        var carry = number
        var index = count - 1
        while carry > 0, index >= 0 {
            carry += UInt64(self[index])
            self[index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
            index -= 1
        }
    }
}
