/// The same key blocks from keys that a token uses message by message: a call for every row.
extension KeyBlockColumn {
    /// CMAC over header and payload of every row; `macs` then has them in the order of `order`.
    func authenticate(_ batch: Batch, with authenticator: any MessageAuthenticator) throws(EngineError) {
        let message = SecretScratch(byteCount: (batch.headerLengths.max() ?? 0) + payload.byteCount)
        for position in 0..<batch.rows {
            let row = Int(order[position])
            let headerLength = batch.headerLengths[row]
            let text = batch.texts[(row * batch.stride)..<(row * batch.stride + headerLength)]
            message.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: text))
            UnsafeMutableRawBufferPointer(rebasing: message.bytes[headerLength...])
                .copyMemory(from: UnsafeRawBufferPointer(payloadBytes(of: row)))
            try authenticator.authenticate(
                UnsafeRawBufferPointer(rebasing: message.bytes[..<(headerLength + payload.byteCount)]),
                into: mac(at: position))
        }
    }

    /// Versions B and D: CBC with the MAC as initialisation vector, in place over the payloads.
    func encryptInChains(_ rows: Int, with cipher: any ChainCipher) throws(EngineError) {
        for position in 0..<rows {
            try cipher.encrypt(
                payloadBytes(of: Int(order[position])),
                initialisationVector: UnsafeRawBufferPointer(mac(at: position)))
        }
    }

    /// The MAC of the row at this position of `order`.
    private func mac(at position: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: macs.bytes[(position * block)..<(position + 1) * block])
    }
}
