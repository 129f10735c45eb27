import Testing

@testable import PaymentCrypto

/// Whatever is done to a block, it is refused, and nothing traps.
@Suite struct KeyBlockHostileInputTests {
    /// One block without deviations for each version.
    static func samples() throws -> [KeyBlockVectorTests.Row] {
        let rows: [KeyBlockVectorTests.Row] = try VectorFile.own("tr31.json").rows()
        return KeyBlockVersion.allCases.compactMap { version in
            rows.first {
                $0.header.versionId == version.description && $0.deviations.isEmpty && $0.header.keyUsage == "B1"
            }
        }
    }

    private func isOpened(_ text: [UInt8], _ kbpk: borrowing SymmetricKey) -> Bool {
        do {
            _ = try KeyBlock.open(UnverifiedKeyBlock(utf8: text), under: kbpk, strictness: .lenient)
            return true
        } catch {
            return false
        }
    }

    @Test func everySingleCharacterChangeIsRefused() throws {
        let samples = try Self.samples()
        #expect(samples.count == KeyBlockVersion.allCases.count)
        for row in samples {
            guard let kbpk = SymmetricKey(row.kbpk, isTDES: "ABC".contains(row.header.versionId)) else {
                Issue.record("\(row.id): no protection key")
                continue
            }
            let text = Array(row.keyBlock.utf8)
            let isWholeOpened = isOpened(text, kbpk)
            #expect(isWholeOpened, "\(row.id)")
            let bodyStart = try UnverifiedKeyBlock(row.keyBlock).authenticatedText.count
            for position in text.indices {
                for replacement in Self.replacements(of: text[position], inBody: position >= bodyStart) {
                    var changed = text
                    changed[position] = replacement
                    let isOpened = isOpened(changed, kbpk)
                    #expect(!isOpened, "\(row.id): character \(position + 1) became \(replacement)")
                }
            }
        }
    }

    /// All other bytes; but the other case of a digit in the encrypted part or authenticator is the same digit.
    private static func replacements(of character: UInt8, inBody: Bool) -> [UInt8] {
        let digit = inBody ? Hexadecimal.value(of: character) : nil
        return (0...255).filter { $0 != character && (digit == nil || Hexadecimal.value(of: $0) != digit) }
    }

    @Test func everyTruncationIsRefused() throws {
        for row in try Self.samples() {
            guard let kbpk = SymmetricKey(row.kbpk, isTDES: "ABC".contains(row.header.versionId)) else { continue }
            for count in 0..<row.keyBlock.count {
                let rest = String(row.keyBlock.prefix(count))
                let isRestOpened = isOpened(Array(rest.utf8), kbpk)
                #expect(!isRestOpened, "\(row.id) cut to \(count)")
                // The same with the length field set right, so that the cut gets further in.
                guard count >= 16 else { continue }
                let digits = String(count)
                let length = String(repeating: "0", count: 4 - digits.count) + digits
                let adapted = String(rest.prefix(1)) + length + rest.dropFirst(5)
                let isAdaptedOpened = isOpened(Array(adapted.utf8), kbpk)
                #expect(!isAdaptedOpened, "\(row.id) cut to \(count), length adapted")
            }
        }
    }

    @Test func garbageIsRefused() throws {
        let key = try SymmetricKey.random(.aes128)
        var generator = SeededGenerator(seed: 31)
        let alphabet = Array("ABCDE0123456789KSPBIKLBTXN".utf8)
        for _ in 0..<4000 {
            let count = Int.random(in: 0...200, using: &generator)
            let isWild = Bool.random(using: &generator)
            let text = (0..<count).map { _ in
                isWild
                    ? UInt8.random(in: 0...255, using: &generator) : alphabet.randomElement(using: &generator) ?? 0x30
            }
            let isRead = (try? UnverifiedKeyBlock(utf8: text)) != nil
            let isOpened = isOpened(text, key)
            #expect(!isRead && !isOpened)
        }
    }

    /// A readable frame with wild contents: known and unknown identifiers, every form of length, any printable data.
    @Test func wildOptionalBlocksAreRefused() throws {
        let key = try SymmetricKey.random(.aes128)
        var generator = SeededGenerator(seed: 143)
        var readable = 0
        for _ in 0..<4000 {
            let text = Self.wildBlock(&generator)
            if let block = try? UnverifiedKeyBlock(utf8: text) {
                readable += 1
                // Whatever could be read can be judged without a trap.
                let words = block.deviations.map(\.description)
                #expect(!words.contains(""))
            }
            let isOpened = isOpened(text, key)
            #expect(!isOpened)
        }
        #expect(readable > 500)
    }

    private static func wildBlock(_ generator: inout SeededGenerator) -> [UInt8] {
        let identifiers = ["KS", "IK", "BI", "KC", "KP", "PK", "TS", "TC", "LB", "DA", "HM", "AL", "CT", "WP", "99"]
        let chosen = identifiers.shuffled(using: &generator).prefix(Int.random(in: 0...4, using: &generator))
        var options = ""
        for id in chosen {
            let printable = Bool.random(using: &generator) ? 0x30...0x39 : 0x20...0x7E
            let data = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                Character(Unicode.Scalar(UInt8(Int.random(in: printable, using: &generator))))
            }
            let form = Int.random(in: 0..<4, using: &generator)
            let head = form == 0 ? "0004" : form == 1 ? "0002" : ""
            let length = data.count + (form < 2 ? 10 : 4) + (Int.random(in: 0..<40, using: &generator) == 0 ? 1 : 0)
            let digits = String(length, radix: 16, uppercase: true)
            let width = form < 2 ? 4 : 2
            options += id + head + String(repeating: "0", count: width - digits.count) + digits + String(data)
        }
        let missing = (16 - options.count % 16) % 16
        let needsPadding = missing > 0
        if needsPadding {
            let length = missing < 4 ? missing + 16 : missing
            options += "PB" + (length < 16 ? "0" : "") + String(length, radix: 16, uppercase: true)
            options += String(repeating: "x", count: length - 4)
        }
        let count = 16 + options.count + 128
        let usage = ["B0", "B1", "B3", "M7", "S0", "77"].randomElement(using: &generator) ?? "B1"
        let algorithm = ["A", "T", "H", "R", "D"].randomElement(using: &generator) ?? "A"
        let header = "D0\(count)\(usage)\(algorithm)X00N0\(chosen.count + (needsPadding ? 1 : 0))00"
        return Array((header + options + String(repeating: "A5", count: 64)).utf8)
    }
}
