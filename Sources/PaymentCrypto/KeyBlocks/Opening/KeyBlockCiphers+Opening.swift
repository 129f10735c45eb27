extension KeyBlockCiphers {
    /// The clear payload of a block whose authenticator is right, or nil: wrong key or altered block.
    func authenticPayload(of block: UnverifiedKeyBlock) throws(EngineError) -> SecretBytes? {
        let payload = try decrypt(block)
        guard try isAuthentic(block, payload: payload) else { return nil }
        return payload
    }

    /// The clear payload of a block, not yet known to be authentic: nothing in it may be looked at.
    private func decrypt(_ block: UnverifiedKeyBlock) throws(EngineError) -> SecretBytes {
        try SecretBytes(count: block.payload.count) { clear throws(EngineError) in
            clear.copyBytes(from: block.payload)
            if version == .e {
                try applyKeyStream(to: clear, firstCounter: block.mac)
            } else {
                try decryptChain(clear, of: block)
            }
        }
    }

    /// Whether the authenticator is the one of this text and payload, compared in constant time.
    ///
    /// B, D and E authenticate the clear payload, A and C the encrypted one. TR-31:2018, 5.3.
    private func isAuthentic(
        _ block: UnverifiedKeyBlock, payload: borrowing SecretBytes
    ) throws(EngineError) -> Bool {
        let headerLength = block.authenticatedText.count
        let message = SecretScratch(byteCount: headerLength + block.payload.count)
        message.bytes.copyBytes(from: block.authenticatedText)
        let rest = UnsafeMutableRawBufferPointer(rebasing: message.bytes[headerLength...])
        if version.usesCMAC {
            payload.withExposedBytes { rest.copyMemory(from: $0) }
        } else {
            rest.copyBytes(from: block.payload)
        }
        let mac = SecretScratch(byteCount: version.macByteCount)
        try authenticate(UnsafeRawBufferPointer(message.bytes), into: mac.bytes)
        return block.mac.withUnsafeBytes { constantTimeEqual($0, UnsafeRawBufferPointer(mac.bytes)) }
    }

    /// CBC: all blocks decrypted in one call, then each xored with the ciphertext before it.
    ///
    /// The first has the MAC before it (B, D), or the first 8 characters of the header (A, C).
    private func decryptChain(
        _ column: UnsafeMutableRawBufferPointer, of block: UnverifiedKeyBlock
    ) throws(EngineError) {
        let initial = version.usesCMAC ? block.mac : Array(block.authenticatedText.prefix(8))
        let cipher: any BlockCipher
        switch encryption {
        case .columns(let columns): cipher = columns
        case .chains(let chains): return try decrypt(column, chains, initial)
        }
        try cipher.decrypt(column)
        let chain = initial + block.payload.dropLast(version.blockByteCount)
        chain.withUnsafeBytes { column.xor($0) }
    }

    private func decrypt(
        _ payload: UnsafeMutableRawBufferPointer, _ cipher: any ChainCipher, _ initial: [UInt8]
    ) throws(EngineError) {
        let outcome = initial.withUnsafeBytes { vector in
            Result { () throws(EngineError) in try cipher.decrypt(payload, initialisationVector: vector) }
        }
        try outcome.get()
    }

    /// CTR: the MAC is the first counter block, and the counter is all 128 bits of it.
    ///
    /// See ISO 20038:2017.
    private func applyKeyStream(
        to bytes: UnsafeMutableRawBufferPointer, firstCounter: [UInt8]
    ) throws(EngineError) {
        // Making the ciphers refuses version E without it.
        guard case .columns(let cipher) = encryption else {
            throw EngineError(.operationFailed("counter mode without single blocks"))
        }
        let size = version.blockByteCount
        let stream = SecretScratch(byteCount: (bytes.count + size - 1) / size * size)
        var counter = firstCounter
        for offset in Swift.stride(from: 0, to: stream.bytes.count, by: size) {
            UnsafeMutableRawBufferPointer(rebasing: stream.bytes[offset..<offset + size]).copyBytes(from: counter)
            Self.increment(&counter)
        }
        try cipher.encrypt(stream.bytes)
        bytes.xor(UnsafeRawBufferPointer(rebasing: stream.bytes[..<bytes.count]))
    }

    private static func increment(_ counter: inout [UInt8]) {
        for index in counter.indices.reversed() {
            counter[index] &+= 1
            if counter[index] != 0 { return }
        }
    }
}
