import COpenSSL

/// A piece of secret memory that is written again and again, for the columns of one worker.
///
/// The owner is the one worker that works with it; nothing outside this module sees the bytes.
final class SecretScratch {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        bytes = SecretMemory.allocate(byteCount: byteCount)
    }

    deinit {
        SecretMemory.release(bytes)
    }

    /// Overwrites what is there; the memory stays.
    func wipe() {
        guard let start = bytes.baseAddress else { return }
        OPENSSL_cleanse(start, bytes.count)
    }
}
