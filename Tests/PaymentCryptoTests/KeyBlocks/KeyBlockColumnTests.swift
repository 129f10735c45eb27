import Testing

@_spi(Engine) @testable import PaymentCrypto

/// Many key blocks made in lock step are what they would be one by one, whatever the lengths of their headers.
@Suite("Columns of key blocks")
struct KeyBlockColumnTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let version: KeyBlockVersion
        let wrapping: KeyAlgorithm
        let key: KeyAlgorithm
        let lengthObfuscation: Bool
        let count: Int

        var testDescription: String {
            "\(count) of \(key) under \(wrapping), version \(version)\(lengthObfuscation ? "" : ", not obfuscated")"
        }
    }

    static let cases: [Case] = [1, 3, 300, 4096].flatMap { count in
        [
            Case(version: .b, wrapping: .tdes2Key, key: .tdes2Key, lengthObfuscation: true, count: count),
            Case(version: .b, wrapping: .tdes3Key, key: .tdes3Key, lengthObfuscation: false, count: count),
            Case(version: .d, wrapping: .aes128, key: .tdes2Key, lengthObfuscation: true, count: count),
            Case(version: .d, wrapping: .aes256, key: .aes192, lengthObfuscation: false, count: count),
            Case(version: .e, wrapping: .aes256, key: .aes256, lengthObfuscation: true, count: count),
            Case(version: .e, wrapping: .aes192, key: .aes128, lengthObfuscation: false, count: count),
        ]
    }

    @Test("labels of many lengths, in any order", arguments: cases)
    func mixedLengths(_ the: Case) throws {
        var generator = SeededGenerator(seed: UInt64(the.count))
        // Up to 300 characters: from no label to one with an extended length.
        let labels = (0..<the.count).map { _ in
            String(
                repeating: "l",
                count: Int.random(in: 0...(Bool.random(using: &generator) ? 40 : 300), using: &generator))
        }
        try check(the, labels: labels)
    }

    @Test("labels of one length, different or all the same", arguments: cases.filter { $0.count <= 300 })
    func oneLength(_ the: Case) throws {
        try check(the, labels: (0..<the.count).map { String(10_000 + $0) })
        try check(the, labels: Array(repeating: "the same for everybody", count: the.count))
        try check(the, labels: Array(repeating: "", count: the.count))
    }

    /// As from a token whose keys know whole CMACs and CBC only; what it makes opens with columns of blocks.
    @Test("message by message", arguments: cases.filter { $0.count <= 300 && $0.version != .e })
    func messages(_ the: Case) throws {
        let keys = try KeyBlockKeys(
            from: .seeded(the.wrapping, 99), version: the.version, engine: OpenSSLEngine())
        let authenticator = try MessageByMessage(keys.authentication, version: the.version)
        let chain = try PayloadByPayload(keys.encryption)
        let labels = (0..<the.count).map { String(repeating: "l", count: $0 % 50) }
        let columns = try OpenSSLEngine().makeCipher(for: keys.encryption)
        for encryption in [KeyBlockEncryption.chains(chain), .columns(columns)] {
            try check(
                the, labels: labels,
                with: KeyBlockCiphers(
                    version: the.version, encryption: encryption, authentication: .messages(authenticator)))
        }
    }

    @Test("what cannot be had message by message is refused")
    func impossibleCiphers() throws {
        let key = SymmetricKey.seeded(.aes128, 1)
        let chain = try PayloadByPayload(key)
        let cipher = try OpenSSLEngine().makeCipher(for: key)
        #expect(throws: EngineError.self) {
            _ = try KeyBlockCiphers(version: .e, encryption: .chains(chain), authentication: .columns(cipher))
        }
        let authenticator = try MessageByMessage(.seeded(.tdes2Key, 1), version: .b)
        #expect(throws: EngineError.self) {
            _ = try KeyBlockCiphers(version: .a, encryption: .chains(chain), authentication: .messages(authenticator))
        }
    }

    private func check(_ the: Case, labels: [String], with given: KeyBlockCiphers? = nil) throws {
        let headers = try labels.map { try header(the, label: $0) }
        let kbpk = SymmetricKey.seeded(the.wrapping, 99)
        let keys = KeyColumn(algorithm: the.key, capacity: the.count)
        for row in 0..<the.count { keys.append(.seeded(the.key, UInt64(row))) }
        let ciphers = try given ?? KeyBlockCiphers(kbpk, version: the.version, engine: OpenSSLEngine())
        let texts = try complete(the, headers, keys, ciphers)
        for (row, text) in texts.enumerated() {
            let block = try UnverifiedKeyBlock(text)
            let label = labels[row].isEmpty ? nil : labels[row]
            #expect(block.header.optionalBlock(.label)?.data == label, "row \(row)")
            try checkSingle(the, row, text, block, headers[row], ciphers)
        }
        // The public way to open, which derives the working keys itself, for some of them.
        for row in Set([0, the.count / 2, the.count - 1]) {
            let opened = try KeyBlock.open(texts[row], under: kbpk, strictness: .strict).takeKey()
            let isSame = opened.isEqual(to: .seeded(the.key, UInt64(row)))
            #expect(isSame, "row \(row)")
        }
    }

    /// The row opens to its key, and with the same padding it is made again by itself.
    private func checkSingle(
        _ the: Case, _ row: Int, _ text: String, _ block: UnverifiedKeyBlock, _ header: [UInt8],
        _ ciphers: KeyBlockCiphers
    ) throws {
        guard let payload = try ciphers.authenticPayload(of: block) else {
            Issue.record("row \(row) does not open")
            return
        }
        let key = SymmetricKey.seeded(the.key, UInt64(row)).bytes.hexadecimal()
        let bitCount = the.key.byteCount * 8
        let bits = Hexadecimal.text([UInt8(bitCount / 256), UInt8(bitCount % 256)])
        let clear = payload.hexadecimal()
        #expect(clear.hasPrefix(bits + key), "row \(row)")
        let single = KeyColumn(algorithm: the.key, capacity: 1)
        single.append(.seeded(the.key, UInt64(row)))
        let padding = try #require(Hexadecimal.bytes(clear.dropFirst(4 + key.count)))
        let again = try KeyBlock.complete(
            header, keys: single, ciphers: ciphers, payload: payloadShape(the), random: FixedPadding(padding))
        #expect(again == text, "row \(row)")
    }

    private func payloadShape(_ the: Case) -> KeyBlockPayload {
        KeyBlockPayload(the.key, version: the.version, lengthObfuscation: the.lengthObfuscation)
    }

    private func complete(
        _ the: Case, _ headers: [[UInt8]], _ keys: KeyColumn, _ ciphers: KeyBlockCiphers
    ) throws -> [String] {
        let following = payloadShape(the).characterCount(the.version)
        let stride = (headers.map(\.count).max() ?? 0) + following
        var texts = [UInt8](repeating: UInt8(ascii: "?"), count: headers.count * stride)
        for (row, header) in headers.enumerated() {
            texts.replaceSubrange((row * stride)..<(row * stride + header.count), with: header)
        }
        let column = KeyBlockColumn(ciphers: ciphers, payload: payloadShape(the), capacity: headers.count)
        try headers.map(\.count).withUnsafeBufferPointer { lengths in
            try texts.withUnsafeMutableBytes {
                try column.complete(texts: $0, stride: stride, headerLengths: lengths, keys: keys)
            }
        }
        return headers.enumerated().map { row, header in
            String(decoding: texts[(row * stride)..<(row * stride + header.count + following)], as: UTF8.self)
        }
    }

    private func header(_ the: Case, label: String) throws -> [UInt8] {
        let usage: KeyUsage = the.key == .tdes3Key ? .keyEncryption : .initialDUKPTKey
        let blocks = label.isEmpty ? [] : [try #require(OptionalBlock.label(label))]
        let template = KeyBlockTemplate(
            header: KeyBlockHeader(
                version: the.version, keyUsage: usage, algorithm: KeyBlockAlgorithm(the.key), optionalBlocks: blocks))
        let following = payloadShape(the).characterCount(the.version)
        var text = [UInt8](repeating: 0, count: template.maximumLength(longestDeviceID: 0, longestLabel: 0))
        let fill = [UInt8](0..<UInt8(KeyBlockTemplate.fillByteCount))
        let count = try fill.withUnsafeBytes { fill in
            try text.withUnsafeMutableBufferPointer { text in
                try template.write(
                    KeyBlockTemplate.Row(), to: try #require(text.baseAddress), following: following, fill: fill)
            }
        }
        return Array(text.prefix(count))
    }
}
