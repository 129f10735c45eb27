import Foundation

/// Finds known secrets in whatever a program left: their bytes, hexadecimal in any case and grouping, and Base64.
///
/// Secrets are looked for eight bytes at a time, so that half a key is found, too.
struct SecretSearch {
    /// What to look for, by the name it is reported under.
    private struct Needle {
        let name: String
        let bytes: [UInt8]
    }

    private static let pieceLength = 8
    private var plain = Index()
    private var hexadecimal = Index()
    private var base64 = Index()

    /// Needles by their first eight bytes.
    private struct Index {
        private var needles: [UInt64: [Needle]] = [:]
        /// Which values of the first two bytes begin a needle: most places are passed over without a look at the rest.
        private var beginnings = [Bool](repeating: false, count: 1 << 16)

        mutating func add(_ needle: Needle) {
            let word = needle.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            needles[word, default: []].append(needle)
            beginnings[Int(word & 0xFFFF)] = true
        }

        func names(in text: [UInt8]) -> Set<String> {
            guard text.count >= pieceLength else { return [] }
            var names: Set<String> = []
            beginnings.withUnsafeBufferPointer { beginnings in
                text.withUnsafeBytes { bytes in
                    // No range: tests are built without optimisation, and this is where their time goes.
                    var next = 0
                    while next <= bytes.count - pieceLength {
                        let place = next
                        next += 1
                        guard beginnings[Int(bytes[place]) | Int(bytes[place + 1]) << 8] else { continue }
                        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                        for needle in needles[word] ?? [] where bytes[place...].starts(with: needle.bytes) {
                            names.insert(needle.name)
                        }
                    }
                }
            }
            return names
        }
    }

    /// Adds a secret of at least eight bytes.
    mutating func add(_ name: String, _ secret: [UInt8]) throws {
        guard secret.count >= Self.pieceLength else { throw HarnessError("\(name) is too short to look for") }
        for start in Set(stride(from: 0, through: secret.count - 8, by: 8) + [secret.count - 8]) {
            let piece = Array(secret[start..<start + Self.pieceLength])
            plain.add(Needle(name: name, bytes: piece))
            let digits = piece.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            hexadecimal.add(Needle(name: "\(name) in hexadecimal", bytes: Array(digits.utf8)))
            for shift in 0..<3 { addBase64(name, piece, shift) }
        }
    }

    /// Whatever comes before and after a piece, the characters between are its own.
    private mutating func addBase64(_ name: String, _ piece: [UInt8], _ shift: Int) {
        let encoded = Data([UInt8](repeating: 0, count: shift) + piece).base64EncodedString()
        let first = (shift * 8 + 5) / 6
        let end = (shift + piece.count) * 8 / 6
        let own = Array(encoded.utf8)[first..<end]
        let address = own.map { byte -> UInt8 in
            byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
        }
        for text in Set([Array(own), address]) { base64.add(Needle(name: "\(name) in Base64", bytes: text)) }
    }

    /// The names of the secrets that are in there, and how they are written.
    func names(in bytes: [UInt8]) -> Set<String> {
        let text = Self.translate(bytes, Self.withoutBlanks)
        let digits = Self.translate(bytes, Self.lowerCaseWithoutSeparators)
        return plain.names(in: bytes).union(hexadecimal.names(in: digits)).union(base64.names(in: text))
    }

    /// What becomes of each byte; -1 for nothing.
    private static let withoutBlanks = (0...255).map { Array(" \t\r\n".utf8).contains(UInt8($0)) ? -1 : $0 }
    private static let lowerCaseWithoutSeparators = (0...255).map { byte in
        if Array("\0 \t\r\n:-_.,;|'\"".utf8).contains(UInt8(byte)) { return -1 }
        return (65...90).contains(byte) ? byte | 0x20 : byte
    }

    private static func translate(_ bytes: [UInt8], _ table: [Int]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
            table.withUnsafeBufferPointer { table in
                bytes.withUnsafeBufferPointer { bytes in
                    var index = 0
                    while index < bytes.count {
                        let byte = table[Int(bytes[index])]
                        index += 1
                        guard byte >= 0 else { continue }
                        target[count] = UInt8(truncatingIfNeeded: byte)
                        count += 1
                    }
                }
            }
        }
    }
}
