extension SymmetricKey {
    /// This key's check value; `byteCount` defaults to the most that the method may show.
    public func checkValue(_ method: CheckValueMethod, byteCount: Int? = nil) throws(EngineError) -> CheckValue {
        let cipher = try OpenSSLEngine().makeCheckValueCipher(for: algorithm)
        let scratch = SecretScratch(byteCount: algorithm.blockByteCount)
        try bytes.withExposedBytes { key throws(EngineError) in
            try cipher.checkBlocks(method, keys: key, stride: key.count, into: scratch.bytes)
        }
        return CheckValue(
            block: UnsafeRawBufferPointer(scratch.bytes), method: method,
            byteCount: byteCount ?? method.standardByteCount)
    }

    /// The check value that this key is known by: legacy for TDES, CMAC for AES, at full length.
    public func checkValue() throws(EngineError) -> CheckValue {
        try checkValue(.standard(for: algorithm))
    }
}
