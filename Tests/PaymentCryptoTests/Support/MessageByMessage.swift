@_spi(Engine) @testable import PaymentCrypto

/// Whole CMACs, as a token makes them with a key that may not encrypt.
final class MessageByMessage: MessageAuthenticator {
    let macByteCount: Int
    private let ciphers: KeyBlockCiphers

    init(_ key: borrowing SymmetricKey, version: KeyBlockVersion) throws {
        let cipher = try OpenSSLEngine().makeCipher(for: key)
        macByteCount = cipher.blockByteCount
        ciphers = try KeyBlockCiphers(
            version: version, encryption: .columns(cipher), authentication: .columns(cipher))
    }

    func authenticate(
        _ message: UnsafeRawBufferPointer, into mac: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        try ciphers.authenticate(message, into: mac)
    }
}

/// CBC, block after block.
final class PayloadByPayload: ChainCipher {
    private let cipher: any BlockCipher

    init(_ key: borrowing SymmetricKey) throws {
        cipher = try OpenSSLEngine().makeCipher(for: key)
    }

    func encrypt(
        _ payload: UnsafeMutableRawBufferPointer, initialisationVector: UnsafeRawBufferPointer
    ) throws(EngineError) {
        let size = cipher.blockByteCount
        var before = initialisationVector
        for start in stride(from: 0, to: payload.count, by: size) {
            let block = UnsafeMutableRawBufferPointer(rebasing: payload[start..<start + size])
            block.xor(before)
            try cipher.encrypt(block)
            before = UnsafeRawBufferPointer(block)
        }
    }

    func decrypt(
        _ payload: UnsafeMutableRawBufferPointer, initialisationVector: UnsafeRawBufferPointer
    ) throws(EngineError) {
        let before = Array(initialisationVector) + Array(payload.dropLast(cipher.blockByteCount))
        try cipher.decrypt(payload)
        before.withUnsafeBytes { payload.xor($0) }
    }
}
