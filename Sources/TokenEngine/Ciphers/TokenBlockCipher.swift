internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// A key in a token that is used in ECB: one call for a column, or for as much of it as the token takes.
///
/// A call takes whatever session is free, so the cipher may change its thread.
final class TokenBlockCipher: BlockCipher {
    let blockByteCount: Int
    private let key: TokenKey
    private let mechanism: Mechanism
    /// The most bytes in a call; halved when the token finds that too much.
    private var pieceByteCount = 64 << 10

    /// Every token takes as little as this.
    private static let smallestPieceByteCount = 256

    init(_ key: TokenKey) {
        self.key = key
        mechanism = .ecb(key.algorithm)
        blockByteCount = key.algorithm.blockByteCount
    }

    func encrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        try inPieces(column) { piece throws(CallFailure) in try key.encrypt(piece, mechanism) }
    }

    func decrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        try inPieces(column) { piece throws(CallFailure) in try key.decrypt(piece, mechanism) }
    }

    private func inPieces(
        _ column: UnsafeMutableRawBufferPointer,
        _ work: (UnsafeMutableRawBufferPointer) throws(CallFailure) -> Void
    ) throws(EngineError) {
        var rest = column[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieceByteCount)
            do throws(CallFailure) {
                try work(UnsafeMutableRawBufferPointer(rebasing: piece))
                rest = rest[piece.endIndex...]
            } catch {
                // A call that is refused for its length has not begun: what it should have encrypted is as it was. After
                // any other failure it may be encrypted in part, and must not be encrypted again.
                guard error.isAboutLength, piece.count > Self.smallestPieceByteCount else {
                    throw key.engineError(error)
                }
                pieceByteCount = max(piece.count / 2 / 16 * 16, Self.smallestPieceByteCount)
            }
        }
    }
}
