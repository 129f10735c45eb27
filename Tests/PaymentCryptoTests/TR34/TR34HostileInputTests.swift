import Testing

@testable import PaymentCrypto

/// Tokens that somebody changed.
@Suite struct TR34HostileInputTests {
    /// One token of each form, and whose it is.
    static let tokens = [
        "aws2012-1pass-tdes2-ik", "x9-2012-1pass-tdes2-ik", "x9-2019-1pass-tdes2-ik", "cms-1pass-tdes2-ik",
        "annexd-1pass-tdes2-ik",
    ]

    /// Everything that an importer does; nil where the token is taken.
    struct Importer {
        let key: DecryptionKey
        let receiver, sender, root, authority: Certificate

        init() throws {
            key = DecryptionKey(try TR34Vectors.privateKey("krd2048"))
            receiver = try TR34Vectors.certificate("krd2048")
            sender = try TR34Vectors.certificate("kdh")
            root = try TR34Vectors.certificate("root")
            authority = try TR34Vectors.certificate("ca_kdh")
        }

        func refusal(of bytes: [UInt8]) -> (any Error)? {
            do {
                let token = try UnverifiedTR34Token(bytes)
                try checkRevocation(token)
                _ = try TR34.open(token, with: key, own: receiver, sender: sender, nonce: nil).takeKey()
                return nil
            } catch {
                return error
            }
        }

        private func checkRevocation(_ token: UnverifiedTR34Token) throws {
            guard !token.revocationLists.isEmpty else { return }
            let validator = try CertificateValidator(
                anchors: [root], intermediates: [authority], revocation: .lists(token.revocationLists),
                purpose: .signing, at: TR34Vectors.time)
            try validator.validate(sender)
        }
    }

    @Test(arguments: tokens)
    func everyBitCounts(name: String) throws {
        let importer = try Importer()
        var bytes = try TR34Vectors.bytes("accept/\(name).der")
        #expect(importer.refusal(of: bytes) == nil)
        let harmless = try Self.harmlessChanges(bytes)
        var taken: [Change] = []
        for position in bytes.indices {
            for bit in 0..<8 {
                bytes[position] ^= 1 << bit
                if importer.refusal(of: bytes) == nil { taken.append(Change(position: position, bit: bit)) }
                bytes[position] ^= 1 << bit
            }
        }
        #expect(taken.filter { !harmless.contains($0) } == [])
    }

    struct Change: Hashable {
        let position, bit: Int
    }

    /// The version of SignedData, 1 or 3, and the number of unused bits in front of a revocation list's signature.
    private static func harmlessChanges(_ bytes: [UInt8]) throws -> Set<Change> {
        let version = try #require(bytes.firstRange(of: [0x31, 0x0D, 0x30, 0x0B])).lowerBound - 1
        var changes: Set = [Change(position: version, bit: 1)]
        let token = try UnverifiedTR34Token(bytes)
        if let list = token.revocationLists.first {
            // The list ends with the signature, of 384 bytes here.
            let position = try #require(bytes.firstRange(of: list.der)).upperBound - 385
            for bit in 0..<8 { changes.insert(Change(position: position, bit: bit)) }
        }
        return changes
    }

    @Test(arguments: tokens)
    func everyCutIsRefused(name: String) throws {
        let bytes = try TR34Vectors.bytes("accept/\(name).der")
        for count in 0..<bytes.count {
            #expect(throws: TR34Error.self, "\(count)") { _ = try UnverifiedTR34Token(Array(bytes.prefix(count))) }
        }
        let text = Array(Hexadecimal.text(bytes).utf8)
        for count in 0..<text.count {
            #expect(throws: TR34Error.self, "\(count)") { _ = try UnverifiedTR34Token(Array(text.prefix(count))) }
        }
    }

    @Test func trailingBytesAreRefused() throws {
        let bytes = try TR34Vectors.bytes("accept/\(Self.tokens[0]).der")
        for count in 1...3 {
            #expect(throws: TR34Error.trailingBytes(count: count)) {
                _ = try UnverifiedTR34Token(bytes + Array(repeating: 0, count: count))
            }
        }
        #expect(throws: TR34Error.trailingBytes(count: bytes.count)) { _ = try UnverifiedTR34Token(bytes + bytes) }
    }

    /// Whatever the bytes are, there is an answer.
    @Test func noInputTraps() throws {
        var generator = SeededGenerator(seed: 34)
        let bytes = try TR34Vectors.bytes("accept/\(Self.tokens[3]).der")
        for _ in 0..<2000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let position = Int.random(in: changed.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: changed[position] = .random(in: 0...255, using: &generator)
                case 1: changed.removeSubrange(position..<min(position + 5, changed.count))
                default: changed.insert(contentsOf: changed.prefix(7), at: position)
                }
            }
            _ = try? UnverifiedTR34Token(changed)
        }
    }

    @Test func nestingHasAnEnd() {
        var bytes: [UInt8] = []
        for _ in 0..<1000 { bytes = DEREncoding.sequence(bytes) }
        #expect(throws: TR34Error.malformed(.contentInfo)) { _ = try UnverifiedTR34Token(bytes) }
    }

    @Test func aTokenIsNotLongerThanThat() {
        let count = UnverifiedTR34Token.mostBytes + 1
        #expect(throws: TR34Error.tooLong(byteCount: count)) {
            _ = try UnverifiedTR34Token([0x30] + Array(repeating: 0, count: count - 1))
        }
    }
}
