import COpenSSL
import Testing

@testable import PaymentCrypto

@Suite("Secret memory")
struct SecretMemoryTests {
    /// OpenSSL's secure heap links a freed block into a list by two pointers at its start; the rest must be zero.
    private static let listByteCount = 16

    @Test("memory of a dropped secret is clear", arguments: [32, 64, 1024, 100_000])
    func freedMemoryIsClear(count: Int) throws {
        let address = try place(of: SecretBytes(count: count) { $0.initializeMemory(as: UInt8.self, repeating: 0xA5) })
        let freed = UnsafeRawBufferPointer(start: address, count: count)
        #expect(freed.dropFirst(Self.listByteCount).allSatisfy { $0 == 0 })
        #expect(freed.allSatisfy { $0 != 0xA5 })
    }

    @Test("memory is cleared when filling it fails")
    func failedFillIsClear() throws {
        struct Failure: Error {}
        var address: UnsafeRawPointer?
        do {
            let secret = try SecretBytes(count: 64) { memory throws(Failure) in
                memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
                address = memory.baseAddress.map { UnsafeRawPointer($0) }
                throw Failure()
            }
            Issue.record("\(secret.count) bytes were filled")
        } catch {
            let freed = UnsafeRawBufferPointer(start: address, count: 64)
            #expect(freed.dropFirst(Self.listByteCount).allSatisfy { $0 == 0 })
        }
    }

    @Test("a scratch is clear after a wipe")
    func wipedScratchIsClear() {
        let scratch = SecretScratch(byteCount: 100)
        scratch.bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)
        scratch.wipe()
        #expect(scratch.bytes.allSatisfy { $0 == 0 })
    }

    /// Where a secret lay; by the time this returns it is gone.
    private func place(of secret: consuming SecretBytes) throws -> UnsafeRawPointer {
        let (address, pattern) = secret.withExposedBytes { ($0.baseAddress, $0.allSatisfy { $0 == 0xA5 }) }
        #expect(pattern)
        // Only memory of the arena may be looked at afterwards; pages of their own are gone.
        let place = try #require(address)
        try #require(CRYPTO_secure_allocated(place) == 1)
        return place
    }
}
