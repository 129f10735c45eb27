import Testing

@testable import PaymentCrypto

/// open(wrap(x)) = x, strictly and without a deviation, for everything that may be wrapped.
@Suite struct KeyBlockRoundTripTests {
    struct Case: CustomStringConvertible, Sendable {
        let version: KeyBlockVersion
        let key: KeyAlgorithm
        let protectionKey: KeyAlgorithm
        let lengthObfuscation: Bool

        var description: String {
            "\(key) under \(protectionKey), version \(version)\(lengthObfuscation ? "" : ", not obfuscated")"
        }
    }

    static let cases: [Case] = KeyBlockVersion.allCases.filter(\.canBeMade).flatMap { version in
        KeyAlgorithm.allCases.filter { $0.isTDES == version.isTDES }.flatMap { protectionKey in
            KeyAlgorithm.allCases.filter { KeyStrength.permits(wrapping: $0, under: protectionKey) }.flatMap { key in
                [true, false].map {
                    Case(version: version, key: key, protectionKey: protectionKey, lengthObfuscation: $0)
                }
            }
        }
    }

    @Test(arguments: cases)
    func whatIsWrappedOpens(_ the: Case) throws {
        let key = try SymmetricKey.random(the.key)
        let protectionKey = try SymmetricKey.random(the.protectionKey)
        for header in try headers(the, key, protectionKey) {
            let text = try KeyBlock.wrap(
                key, header: header, under: protectionKey, lengthObfuscation: the.lengthObfuscation)
            let opened = try KeyBlock.open(text, under: protectionKey, strictness: .strict)
            let (found, deviations) = (opened.header, opened.deviations)
            #expect(found == header)
            #expect(deviations.isEmpty, "\(deviations.map(\.description))")
            let isSame = try opened.takeKey().isEqual(to: key)
            #expect(isSame)
        }
    }

    /// Headers with every set of optional blocks that goes with the key, and labels of every length up to a boundary.
    private func headers(
        _ the: Case, _ key: borrowing SymmetricKey, _ protectionKey: borrowing SymmetricKey
    ) throws -> [KeyBlockHeader] {
        let label = try #require(OptionalBlock.label("till 7"))
        let time = try #require(KeyBlockTime("20260301120000Z"))
        let number = try KeySerialNumber("FFFF9876543210E0", family: .aes).initial
        let serial = InitialKeySerialNumber(family: DUKPTFamily(the.key), leading: number.leading)
        let proprietary = try #require(OptionalBlock.Identifier("42").flatMap { OptionalBlock($0, data: "~ !") })
        var blocks = [
            OptionalBlock.keyCheckValue(try key.checkValue()),
            OptionalBlock.protectionKeyCheckValue(try protectionKey.checkValue()), OptionalBlock.timeStamp(time), label,
            proprietary,
        ]
        // A TDES initial key is a double-length key.
        let usage: KeyUsage = the.key == .tdes3Key ? .keyEncryption : .initialDUKPTKey
        if usage == .initialDUKPTKey { blocks.insert(.initialKeySerialNumber(serial), at: 0) }
        let subsets = (0..<1 << blocks.count).map { set in
            blocks.indices.filter { set >> $0 & 1 == 1 }.map { blocks[$0] }
        }
        let labels = [0, 1, 2, 3, 4, 5, 11, 12, 13, 250, 251, 252, 253, 1000].compactMap {
            OptionalBlock.label(String(repeating: "x", count: $0)).map { [$0] }
        }
        return (subsets + labels).map { set in
            KeyBlockHeader(
                version: the.version, keyUsage: usage, algorithm: KeyBlockAlgorithm(the.key), optionalBlocks: set)
        }
    }

    /// Lengths that AWS, openemv and others print for these keys; with obfuscation they do not tell the key's length.
    @Test(arguments: [
        ("B", KeyAlgorithm.tdes2Key, KeyAlgorithm.tdes2Key, "", true, 96), ("B", .tdes2Key, .tdes2Key, "S", true, 120),
        ("B", .tdes2Key, .tdes2Key, "SCP", true, 144), ("D", .tdes2Key, .aes128, "S", true, 144),
        ("D", .tdes2Key, .aes128, "SCP", true, 176), ("D", .aes128, .aes256, "S", true, 176),
        ("D", .aes192, .aes256, "S", true, 176), ("D", .aes256, .aes256, "S", true, 176),
        ("D", .aes128, .aes256, "SCP", true, 208), ("D", .aes256, .aes256, "SCP", true, 208),
        ("E", .aes128, .aes128, "S", false, 116), ("B", .tdes2Key, .tdes2Key, "S", false, 104),
        ("D", .aes128, .aes128, "S", false, 144),
    ])
    func lengthsAreThoseOfOthers(
        version: Character, key: KeyAlgorithm, under: KeyAlgorithm, blocks: String, obfuscated: Bool, length: Int
    ) throws {
        let key = try SymmetricKey.random(key)
        let protectionKey = try SymmetricKey.random(under)
        let serial = InitialKeySerialNumber(family: DUKPTFamily(key.algorithm), leading: 0x1234_5678_9012_3440)
        var options: [OptionalBlock] = []
        if blocks.contains("S") { options.append(.initialKeySerialNumber(serial)) }
        if blocks.contains("C") { options.append(.keyCheckValue(try key.checkValue())) }
        if blocks.contains("P") { options.append(.protectionKeyCheckValue(try protectionKey.checkValue())) }
        let header = KeyBlockHeader(
            version: try #require(KeyBlockVersion(version)), keyUsage: .initialDUKPTKey,
            algorithm: KeyBlockAlgorithm(key.algorithm), optionalBlocks: options)
        let text = try KeyBlock.wrap(key, header: header, under: protectionKey, lengthObfuscation: obfuscated)
        #expect(text.count == length)
    }
}
