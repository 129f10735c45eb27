import Testing

@testable import PaymentCrypto

/// Looks at memory after it was given back.
///
/// Another test may have taken the place by then, so each look is repeated; memory that is not wiped would never be
/// found clear.
@Suite("Secret memory")
struct SecretMemoryTests {
    @Test("memory of a dropped secret is clear", arguments: [32, 64, 1024, 100_000])
    func freedMemoryIsClear(count: Int) throws {
        try expectClear(count: count) {
            try place(of: SecretBytes(count: count) { $0.initializeMemory(as: UInt8.self, repeating: 0xA5) })
        }
    }

    @Test("memory is cleared when filling it fails")
    func failedFillIsClear() throws {
        struct Failure: Error {}
        try expectClear(count: 64) {
            var address: UnsafeRawPointer?
            _ = try? SecretBytes(count: 64) { memory throws(Failure) in
                memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
                address = memory.baseAddress.map { UnsafeRawPointer($0) }
                throw Failure()
            }.count
            return try #require(address)
        }
    }

    @Test("a scratch is clear after a wipe")
    func wipedScratchIsClear() {
        let scratch = SecretScratch(byteCount: 100)
        scratch.bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)
        scratch.wipe()
        #expect(scratch.bytes.allSatisfy { $0 == 0 })
    }

    @Test("every secret lies in the one arena")
    func oneArena() throws {
        let scratch = SecretScratch(byteCount: 200_000)
        let secret = SecretBytes(count: 16) { $0.initializeMemory(as: UInt8.self, repeating: 1) }
        let arena = UnsafeRawPointer(SecretMemory.arena.start)
        let end = arena + LockedArena.status.byteCount
        for place in [scratch.bytes.baseAddress.map { UnsafeRawPointer($0) }, secret.withExposedBytes(\.baseAddress)] {
            let place = try #require(place)
            #expect(place >= arena && place < end)
        }
    }

    private func expectClear(count: Int, _ dropSecret: () throws -> UnsafeRawPointer) throws {
        let wasClear = try (0..<50).contains { _ in
            UnsafeRawBufferPointer(start: try dropSecret(), count: count).allSatisfy { $0 == 0 }
        }
        #expect(wasClear)
    }

    /// Where a secret lay; by the time this returns it is gone.
    private func place(of secret: consuming SecretBytes) throws -> UnsafeRawPointer {
        let (address, isFilled) = secret.withExposedBytes { ($0.baseAddress, $0.allSatisfy { $0 == 0xA5 }) }
        #expect(isFilled)
        return try #require(address)
    }
}
