internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// A key in a token that makes whole CMACs, one call for a message.
final class TokenMessageAuthenticator: MessageAuthenticator {
    let macByteCount: Int
    private let key: TokenKey
    private let mechanism: Mechanism

    init(_ key: TokenKey) {
        self.key = key
        mechanism = .cmac(key.algorithm)
        macByteCount = key.algorithm.blockByteCount
    }

    func authenticate(
        _ message: UnsafeRawBufferPointer, into mac: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        do throws(CallFailure) {
            try key.sign(message, mechanism, into: mac)
        } catch {
            throw key.engineError(error)
        }
    }
}
