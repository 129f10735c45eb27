/// Which engine encrypts under TDES keys that are in this process's memory; AES is OpenSSL's in every case.
public enum TDESEngine: String, CaseIterable, Sendable {
    /// The fast one wherever a call has rows enough for it.
    case auto
    /// The same: there is a level of it for every processor.
    case fast
    /// OpenSSL, for those whose rules want every block inside it.
    case openssl

    /// The engine for calls of so many rows.
    func engine(rows: Int) -> any CipherEngine {
        isFast(rows: rows) ? BitslicedEngine() : OpenSSLEngine()
    }

    /// Whether calls of so many rows go to the fast engine, whose kernels take hundreds of blocks at once or none.
    public func isFast(rows: Int) -> Bool {
        self != .openssl && rows >= Self.fewestRows
    }

    /// Half of the lanes of the widest kernel.
    private static let fewestRows = 256
}
