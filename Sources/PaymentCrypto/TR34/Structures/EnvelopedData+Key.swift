extension EnvelopedData {
    /// A new envelope with a key in it: content key and initialisation vector are fresh.
    static func sealing(
        _ key: borrowing SymmetricKey, _ surroundings: TR34KeyBlock.Surroundings, for recipient: IssuerAndSerialNumber,
        under publicKey: RSAPublicKey, profile: TR34Profile
    ) throws(EngineError) -> EnvelopedData {
        let cipher = TR34ContentCipher(for: key.algorithm)
        let contentKey = try TR34ContentKey.random(for: cipher)
        let vector = try randomVector(count: cipher.blockByteCount)
        let plaintext = TR34KeyBlock.padded(key, surroundings, blockByteCount: cipher.blockByteCount)
        let encrypted = try cipher.encrypt(plaintext, key: contentKey.bytes, initialisationVector: vector)
        let encryptedKey = try contentKey.bytes.withExposedBytes { bytes throws(EngineError) in
            try publicKey.encrypt(bytes, hash: .sha256)
        }
        return EnvelopedData(
            frame: profile.frame,
            recipient: KeyTransRecipientInfo(
                recipient: recipient, parameters: profile.parameters, encryptedKey: encryptedKey),
            encryptedContent: EncryptedContentInfo(
                place: profile.place, cipher: cipher, initialisationVector: vector, encryptedContent: encrypted))
    }

    /// The key in it.
    func open(
        with key: DecryptionKey, _ surroundings: TR34KeyBlock.Surroundings
    ) throws(TR34KeyBlock.Fault) -> TR34KeyBlock.Opened {
        let cipher = encryptedContent.cipher
        do {
            guard let contentKey = try key.decrypt(recipient.encryptedKey, hash: .sha256),
                contentKey.count == cipher.algorithm.byteCount
            else { throw TR34KeyBlock.Fault.contentKey }
            let plaintext = try cipher.decrypt(
                encryptedContent.encryptedContent, key: contentKey,
                initialisationVector: encryptedContent.initialisationVector)
            return try plaintext.withExposedBytes { clear throws(TR34KeyBlock.Fault) in
                try TR34KeyBlock.key(in: clear, surroundings, blockByteCount: cipher.blockByteCount)
            }
        } catch let fault as TR34KeyBlock.Fault {
            throw fault
        } catch {
            throw .engine
        }
    }

    private static func randomVector(count: Int) throws(EngineError) -> [UInt8] {
        var vector = [UInt8](repeating: 0, count: count)
        let filled = vector.withUnsafeMutableBytes { memory in
            Result { () throws(EngineError) in try SystemRandom().fill(memory) }
        }
        try filled.get()
        return vector
    }
}
