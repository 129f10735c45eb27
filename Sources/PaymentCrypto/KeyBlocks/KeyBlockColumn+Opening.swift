/// The way back: many key blocks decrypted and authenticated in lock step.
extension KeyBlockColumn {
    /// What is encrypted in each row, and its authenticator, as bytes.
    struct Ciphertexts {
        /// Row r begins at byte r x `stride` with the payload; the authenticator follows.
        let bytes: UnsafeRawBufferPointer
        let payloadByteCount: Int
        let macByteCount: Int

        var stride: Int { payloadByteCount + macByteCount }

        func payload(of row: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[(row * stride)..<(row * stride + payloadByteCount)])
        }

        func mac(of row: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[(row * stride + payloadByteCount)..<(row + 1) * stride])
        }
    }

    /// Decrypts every row, whose clear payload is then in ``payloadBytes(of:)``, and says whose authenticator is right.
    ///
    /// Nothing of a payload may be looked at where it is not.
    ///
    /// - Parameter batch: the headers; what follows them in the texts is not read.
    func open(
        _ batch: Batch, _ ciphertexts: Ciphertexts, isAuthentic: UnsafeMutableBufferPointer<Bool>
    ) throws(EngineError) {
        let rows = batch.rows
        precondition(rows <= order.count && rows <= isAuthentic.count && rows * batch.stride <= batch.texts.count)
        precondition(
            ciphertexts.payloadByteCount == payload.byteCount && rows * ciphertexts.stride <= ciphertexts.bytes.count)
        precondition(batch.headerLengths.allSatisfy { $0 > 0 && $0.isMultiple(of: block) && $0 <= batch.stride })
        guard rows > 0 else { return }
        sortByLength(batch)
        for row in 0..<rows { payloadBytes(of: row).copyMemory(from: ciphertexts.payload(of: row)) }
        switch ciphers.encryption {
        case .columns(let cipher) where ciphers.version == .e: try decryptInCounterMode(ciphertexts, rows, with: cipher)
        case .columns(let cipher): try decryptInChains(ciphertexts, rows, with: cipher)
        case .chains(let cipher):
            for row in 0..<rows {
                try cipher.decrypt(payloadBytes(of: row), initialisationVector: ciphertexts.mac(of: row))
            }
        }
        switch ciphers.authentication {
        case .columns(let cipher, let subkeys): try authenticate(batch, with: cipher, subkeys)
        case .messages(let authenticator): try authenticate(batch, with: authenticator)
        }
        compare(ciphertexts, rows, isAuthentic)
    }

    /// Versions B and D: all blocks of all rows decrypted in one call, then each xored with the ciphertext before it, the
    /// first one with the authenticator.
    private func decryptInChains(
        _ ciphertexts: Ciphertexts, _ rows: Int, with cipher: any BlockCipher
    ) throws(EngineError) {
        try cipher.decrypt(UnsafeMutableRawBufferPointer(rebasing: payloads.bytes[..<(rows * payload.byteCount)]))
        for row in 0..<rows {
            let clear = payloadBytes(of: row)
            clear.xor(ciphertexts.mac(of: row))
            UnsafeMutableRawBufferPointer(rebasing: clear[block...])
                .xor(UnsafeRawBufferPointer(rebasing: ciphertexts.payload(of: row).dropLast(block)))
        }
    }

    /// Version E: the key stream depends on the authenticator alone, and taking it off is putting it on.
    private func decryptInCounterMode(
        _ ciphertexts: Ciphertexts, _ rows: Int, with cipher: any BlockCipher
    ) throws(EngineError) {
        for position in 0..<rows {
            UnsafeMutableRawBufferPointer(rebasing: macs.bytes[(position * block)..<(position + 1) * block])
                .copyMemory(from: ciphertexts.mac(of: Int(order[position])))
        }
        try encryptInCounterMode(rows, with: cipher)
    }

    /// The authenticators are in the order of `order`.
    private func compare(
        _ ciphertexts: Ciphertexts, _ rows: Int, _ isAuthentic: UnsafeMutableBufferPointer<Bool>
    ) {
        for position in 0..<rows {
            let (row, start) = (Int(order[position]), position * block)
            let computed = macs.bytes[start..<start + ciphertexts.macByteCount]
            isAuthentic[row] = constantTimeEqual(UnsafeRawBufferPointer(rebasing: computed), ciphertexts.mac(of: row))
        }
    }
}
