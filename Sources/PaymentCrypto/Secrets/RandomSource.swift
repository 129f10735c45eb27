import COpenSSL

/// Where random padding and random keys come from; tests of known answers bring their own.
protocol RandomSource: AnyObject {
    func fill(_ bytes: UnsafeMutableRawBufferPointer) throws(EngineError)
}

/// OpenSSL's generator, seeded by the operating system.
///
/// Large requests are far cheaper than many small ones.
final class SystemRandom: RandomSource {
    func fill(_ bytes: UnsafeMutableRawBufferPointer) throws(EngineError) {
        guard bytes.count > 0 else { return }
        guard let length = Int32(exactly: bytes.count), RAND_bytes(bytes.baseAddress, length) == 1 else {
            throw EngineError.draining(.randomnessUnavailable)
        }
    }
}
