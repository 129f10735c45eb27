import Testing

@_spi(Engine) @testable import PaymentCrypto

@Suite("Initial keys one by one")
struct InitialKeySeriesTests {
    @Test(
        "each device has its own key and check value, in order",
        arguments: KeyAlgorithm.allCases.filter { $0 != .tdes3Key })
    func keys(algorithm: KeyAlgorithm) throws {
        let source = BaseKeySource(try BaseDerivationKey(SymmetricKey.seeded(algorithm, 5)))
        let series = try InitialKeySeries(source, checkValueMethod: .cmac, checkValueByteCount: 4, capacity: 8)
        for count in [8, 3, 0] {
            let numbers = (0..<count).map {
                InitialKeySerialNumber(family: source.family, leading: 0xFFFF_9876_5400_0000 + UInt64($0) << 5)
            }
            var next = 0
            try numbers.map(\.leading).withUnsafeBufferPointer { leading in
                try series.make(leading) { row, key, checkValue in
                    #expect(row == next)
                    next += 1
                    let expected = try source.initialKey(for: numbers[row])
                    let isSame = key.isEqual(to: expected)
                    #expect(isSame)
                    #expect(try checkValue == expected.checkValue(.cmac, byteCount: 4))
                }
            }
            #expect(next == count)
        }
    }

    @Test("what the caller throws ends the call")
    func callerThrows() throws {
        let source = BaseKeySource(try BaseDerivationKey(SymmetricKey.seeded(.aes128, 5)))
        let series = try InitialKeySeries(source, capacity: 2)
        var seen = 0
        #expect(throws: CancellationError.self) {
            try [UInt64](repeating: 1, count: 2).withUnsafeBufferPointer { numbers in
                try series.make(numbers) { _, _, _ in
                    seen += 1
                    throw CancellationError()
                }
            }
        }
        #expect(seen == 1)
    }
}
