/// Which bit goes where in DES, in the numbering of the kernels.
///
/// The standard counts bits from 1, the most significant bit of the first byte; a kernel reads eight bytes as one
/// little-endian word and counts from 0, the least significant bit.
enum Wiring {
    /// Place among L and R, after the initial permutation, of each row of the first byte; those of each further byte lie
    /// one before.
    static let firstBytePlaces = (0..<8).map { bit in initialPermutation.map(row).firstIndex(of: bit) ?? 0 }

    /// Row of a kernel for each of the 48 key bits of the 16 rounds.
    static let keyRows = rotations.map { rotation in
        permutedChoice2.map { position in
            let half = (position - 1) / 28 * 28
            return row(permutedChoice1[half + (position - 1 - half + rotation) % 28])
        }
    }

    /// Bit of R, from 0, that each of the six inputs of each box is made of (the expansion).
    static let boxInputs = (0..<8).map { box in (0..<6).map { (4 * box + 31 + $0) % 32 } }

    /// Bit of L, from 0, that each of the four outputs of each box is added to (permutation P).
    static let boxOutputs = (0..<8).map { box in
        (0..<4).map { output in permutation.firstIndex(of: 4 * box + output + 1) ?? 0 }
    }

    private static func row(_ bit: Int) -> Int { (bit - 1) / 8 * 8 + 7 - (bit - 1) % 8 }

    /// FIPS PUB 46-3: the columns of the even bits from the right to the left, then those of the odd ones.
    private static let initialPermutation = [58, 60, 62, 64, 57, 59, 61, 63].flatMap { first in
        (0..<8).map { first - 8 * $0 }
    }

    /// FIPS PUB 46-3: how far the key has been rotated to the left by each round.
    private static let rotations = [1, 2, 4, 6, 8, 10, 12, 14, 15, 17, 19, 21, 23, 25, 27, 28]

    /// FIPS PUB 46-3, PC-1.
    private static let permutedChoice1 = [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ]

    /// FIPS PUB 46-3, PC-2.
    private static let permutedChoice2 = [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ]

    /// FIPS PUB 46-3, P.
    private static let permutation = [
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11,
        4, 25,
    ]
}

extension Wiring {
    /// The same as C: two tables, and a macro that applies every box once.
    static var text: String {
        """
        // Made by Scripts/make-circuits: change the program in Generators, not this file.
        // Which bit goes where in DES (FIPS PUB 46-3), counted from the least significant bit of a little-endian word.

        static const uint8_t first_byte_places[8] = {
        \(lines(firstBytePlaces))};

        static const uint8_t key_rows[16][48] = {
        \(keyRows.map { "    {\n\(lines($0, indentation: 8))    }," }.joined(separator: "\n"))
        };

        // One round: what the boxes make of r and 48 key bits is added to l.
        #define ROUND(l, r, KEY) \\
        \((0..<8).map(call).joined(separator: " \\\n"))

        """
    }

    private static func call(_ box: Int) -> String {
        let inputs = boxInputs[box].enumerated().map { "(r)[\($1)] ^ KEY(\(6 * box + $0))" }
        let outputs = boxOutputs[box].map { "&(l)[\($0)]" }
        return """
                NAME(sbox\(box + 1))( \\
                    \(inputs.joined(separator: ", ")), \\
                    \(outputs.joined(separator: ", ")));
            """
    }

    private static func lines(_ numbers: [Int], indentation: Int = 4) -> String {
        stride(from: 0, to: numbers.count, by: 16).map { start in
            let row = numbers[start..<min(start + 16, numbers.count)].map { "\($0)," }.joined(separator: " ")
            return String(repeating: " ", count: indentation) + row + "\n"
        }.joined()
    }
}
