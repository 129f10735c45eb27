import PaymentCrypto

/// Makes what carries the initial key of each device of a chunk to the public key of the device's certificate.
///
/// Unlike key blocks, this allocates for each row: the signature or the encryption takes a thousand times as long. One
/// owner: a worker.
final class ReceiverKeyMaker: MaterialMaker {
    /// What carries one key.
    enum Carrier: Sendable {
        /// A TR-34 token; without a nonce it has this signing time.
        case token(TR34Sender, Moment)
        /// An RSA-OAEP cryptogram.
        case cryptogram(OAEPHash)
    }

    private let order: KeyBlockOrder
    private let carrier: Carrier
    private var series: [Int32: InitialKeySeries] = [:]
    private var templates: [KeyPair: KeyBlockTemplate] = [:]
    private let serialNumbers: UnsafeMutableBufferPointer<UInt64>

    init(_ order: KeyBlockOrder, _ carrier: Carrier) {
        (self.order, self.carrier) = (order, carrier)
        serialNumbers = .allocate(capacity: RunTransport.devicesAtOnce)
    }

    deinit {
        serialNumbers.deallocate()
    }

    /// Goes through the devices in order; neighbours with the same keys are derived together.
    func make(_ chunk: ProvisioningChunk) throws {
        let devices = chunk.devices
        var first = 0
        while first < devices.count {
            var end = first
            while end < devices.count, end - first < serialNumbers.count, devices.status[end] == .accepted,
                devices.pair(end) == devices.pair(first)
            {
                serialNumbers[end - first] = devices.initialKSN[end]
                end += 1
            }
            if end > first { try makeRun(first..<end, in: chunk) }
            first = max(end, first + 1)
        }
    }

    private func makeRun(_ run: Range<Int>, in chunk: ProvisioningChunk) throws {
        let pair = chunk.devices.pair(run.lowerBound)
        let sample = Int.random(in: 0..<run.count)
        try series(for: pair).make(UnsafeBufferPointer(rebasing: serialNumbers[..<run.count])) { row, key, checkValue in
            let device = run.lowerBound + row
            // The first pass let no row through without one, so this is another manifest.
            guard let receiver = chunk.devices.receivers[device] else { throw ProvisioningError.manifestChanged }
            let material = try carry(key, device, in: chunk, pair, to: receiver, isSample: row == sample)
            chunk.products.set(material, checkValue, of: device)
        }
    }

    private func carry(
        _ key: borrowing SymmetricKey, _ device: Int, in chunk: ProvisioningChunk, _ pair: KeyPair,
        to receiver: Certificate, isSample: Bool
    ) throws -> [UInt8] {
        switch carrier {
        case .cryptogram(let hash):
            let cryptogram = try KeyCryptogram.wrap(key, under: receiver.publicKey, hash: hash)
            // All that can be seen without the receiver's private key.
            guard cryptogram.count == receiver.publicKey.modulusByteCount else { throw Self.failure }
            return cryptogram
        case .token(let sender, let time):
            let header = try header(key, device, in: chunk, pair)
            let nonce = TR34Nonce(String(decoding: chunk.text(chunk.devices.nonce[device]), as: UTF8.self))
            let freshness = nonce.map { TR34Freshness.nonce($0) } ?? .signingTime(time)
            let token = try sender.token(key, header: header, for: receiver, freshness: freshness)
            if isSample { try sender.checkOpens(token, header: header, for: receiver, freshness: freshness) }
            return token
        }
    }

    private func header(
        _ key: borrowing SymmetricKey, _ device: Int, in chunk: ProvisioningChunk, _ pair: KeyPair
    ) throws -> KeyBlockHeader {
        let template = try template(for: pair)
        var row = KeyBlockTemplate.Row()
        row.serialNumber = chunk.devices.initialKSN[device]
        row.deviceID = chunk.devices.identifier(device)
        row.label = chunk.text(chunk.devices.label[device])
        row.keyVersion = chunk.text(chunk.devices.keyVersion[device])
        if template.needsKeyCheckValue { row.keyCheckValue = try key.checkValue() }
        return try template.header(for: row)
    }

    private func template(for pair: KeyPair) throws -> KeyBlockTemplate {
        if let template = templates[pair] { return template }
        guard let base = order.keys.baseKeys[Int(pair.baseKey)], let header = order.headers[pair.profile] else {
            throw ProvisioningError.manifestChanged
        }
        let template = header.template(for: base.key.algorithm)
        templates[pair] = template
        return template
    }

    private func series(for pair: KeyPair) throws -> InitialKeySeries {
        if let known = series[pair.baseKey] { return known }
        guard let base = order.keys.baseKeys[Int(pair.baseKey)] else { throw ProvisioningError.manifestChanged }
        // Each one has locked memory of its own; a fleet hardly ever has so many base keys.
        if series.count >= 64 { series.removeAll() }
        let made = try InitialKeySeries(
            base.key, checkValueMethod: order.checkValueMethod, checkValueByteCount: order.checkValueByteCount,
            capacity: serialNumbers.count)
        series[pair.baseKey] = made
        return made
    }

    private static let failure = EngineError(.operationFailed("making a cryptogram of the key's length"))
}
