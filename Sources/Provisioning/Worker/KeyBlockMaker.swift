import PaymentCrypto

/// What every key block of a run has in common.
struct KeyBlockOrder: Sendable {
    var keys: FleetKeys
    var headers: HeaderPlans
    /// Nil: legacy for TDES, CMAC for AES.
    var checkValueMethod: CheckValueMethod?
    /// Nil: as long as the method allows.
    var checkValueByteCount: Int?
    /// Who encrypts under TDES keys.
    var tdesEngine = TDESEngine.auto
    /// The most pairs of keys, each with its profile, that a worker may meet; they share its memory.
    var pairCount = 1
    var chunkCapacity: Int

    /// A workshop for one pair of keys.
    func makeWorkshop(for pair: KeyPair) throws -> InitialKeyWorkshop {
        guard let base = keys.baseKeys[Int(pair.baseKey)], let wrapping = keys.protectionKeys[Int(pair.protectionKey)],
            let header = headers[pair.profile]
        else {
            // The first pass saw every key and profile that the manifest names, so this is another manifest.
            throw ProvisioningError.manifestChanged
        }
        let template = header.template(
            for: base.key.algorithm, under: wrapping.key.algorithm, wrappingCheckValue: wrapping.checkValue)
        let order = InitialKeyWorkshop.Order(
            template: template, algorithm: base.key.algorithm, lengthObfuscation: header.obfuscatesLength,
            checkValueMethod: checkValueMethod, checkValueByteCount: checkValueByteCount)
        let room = Self.memory / max(1, pairCount)
        let (engine, rows) = tdesEngine.choice(order, base.key.algorithm, room: room)
        return try InitialKeyWorkshop(
            bdk: base.key, protection: wrapping.key, order: order, tdesEngine: engine,
            capacity: min(chunkCapacity, max(Self.fewestRows, rows)))
    }

    /// How many workshops a worker's memory holds at once, however many pairs there are.
    static var workshopCount: Int { max(1, memory / (Self.fewestRows * InitialKeyWorkshop.mostLockedByteCountPerRow)) }

    /// The rows of one call, where so many pairs share a worker's memory that there would be fewer.
    private static let fewestRows = 16

    private static var memory: Int { LockedArena.workerByteCount }
}

extension TDESEngine {
    /// The engine, and the rows of a call: where many pairs of keys share a worker's memory, too little is left beside the
    /// fast engine's ciphers for the rows that it needs.
    fileprivate func choice(
        _ order: InitialKeyWorkshop.Order, _ algorithm: KeyAlgorithm, room: Int
    ) -> (TDESEngine, rows: Int) {
        let row = order.lockedByteCount(perRowOf: algorithm)
        let fastRows = (room - order.lockedByteCount(ofFastCiphersFor: algorithm)) / row
        return isFast(rows: fastRows) ? (self, fastRows) : (.openssl, room / row)
    }
}

/// Makes what carries the initial key of each device of a chunk: one maker for each worker.
protocol MaterialMaker: AnyObject {
    /// Fills the chunk's products for every accepted device.
    func make(_ chunk: ProvisioningChunk) throws
}

/// Makes the key blocks of a chunk, pair of keys by pair of keys.
///
/// One owner: a worker.
final class KeyBlockMaker: MaterialMaker {
    private let order: KeyBlockOrder
    private var workshops: [KeyPair: InitialKeyWorkshop] = [:]
    private let members: UnsafeMutablePointer<Int>
    private let serialNumbers: UnsafeMutableBufferPointer<UInt64>

    init(_ order: KeyBlockOrder) {
        self.order = order
        members = .allocate(capacity: order.chunkCapacity)
        serialNumbers = .allocate(capacity: order.chunkCapacity)
    }

    deinit {
        members.deallocate()
        serialNumbers.deallocate()
    }

    /// Fills the chunk's products for every accepted device.
    func make(_ chunk: ProvisioningChunk) throws {
        var done: Set<KeyPair> = []
        var first = 0
        // Mostly there is one pair, and no device to be looked for behind its devices.
        var left = (0..<chunk.devices.count).count { chunk.devices.status[$0] == .accepted }
        while left > 0,
            let device = (first..<chunk.devices.count).first(where: { index in
                chunk.devices.status[index] == .accepted && !done.contains(pair(of: index, in: chunk))
            })
        {
            let pair = pair(of: device, in: chunk)
            done.insert(pair)
            left -= try makeAll(pair, in: chunk, from: device)
            first = device + 1
        }
    }

    private func pair(of device: Int, in chunk: ProvisioningChunk) -> KeyPair {
        chunk.devices.pair(device)
    }

    /// - Returns: how many devices have the pair.
    private func makeAll(_ pair: KeyPair, in chunk: ProvisioningChunk, from first: Int) throws -> Int {
        let workshop = try workshop(for: pair)
        var count = 0
        for device in first..<chunk.devices.count
        where chunk.devices.status[device] == .accepted && self.pair(of: device, in: chunk) == pair {
            members[count] = device
            serialNumbers[count] = chunk.devices.initialKSN[device]
            count += 1
        }
        var start = 0
        while start < count {
            let end = min(start + workshop.capacity, count)
            try makeBatch(start..<end, in: chunk, with: workshop)
            start = end
        }
        return count
    }

    private func makeBatch(_ batch: Range<Int>, in chunk: ProvisioningChunk, with workshop: InitialKeyWorkshop) throws {
        let devices = chunk.devices
        let (members, serialNumbers) = (members + batch.lowerBound, serialNumbers)
        try workshop.make(
            serialNumbers: UnsafeBufferPointer(rebasing: serialNumbers[batch]),
            row: { index in
                let device = members[index]
                var row = KeyBlockTemplate.Row()
                row.serialNumber = devices.initialKSN[device]
                row.deviceID = devices.identifier(device)
                row.label = chunk.text(devices.label[device])
                row.keyVersion = chunk.text(devices.keyVersion[device])
                return row
            },
            deliver: { index, product in chunk.products.set(product, of: members[index]) })
    }

    private func workshop(for pair: KeyPair) throws -> InitialKeyWorkshop {
        if let workshop = workshops[pair] { return workshop }
        if workshops.count >= KeyBlockOrder.workshopCount { workshops.removeAll() }
        let workshop = try order.makeWorkshop(for: pair)
        workshops[pair] = workshop
        return workshop
    }
}
