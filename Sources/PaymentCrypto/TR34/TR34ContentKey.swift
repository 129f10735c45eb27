import COpenSSL

/// A fresh key for the contents of one token.
enum TR34ContentKey {
    /// Random; three different keys where the cipher is TDES.
    ///
    /// Parity bits are left as they fall: no cipher reads them.
    static func random(for cipher: TR34ContentCipher) throws(EngineError) -> SymmetricKey {
        while true {
            let key = try SymmetricKey(algorithm: cipher.algorithm) { memory throws(EngineError) in
                guard RAND_priv_bytes(memory.bindMemory(to: UInt8.self).baseAddress, Int32(memory.count)) == 1 else {
                    throw EngineError.draining(.randomnessUnavailable)
                }
            }
            if !key.isSingleDES, key.effectiveAlgorithm == cipher.algorithm { return key }
        }
    }
}
