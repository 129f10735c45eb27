import Testing

@_spi(Engine) @testable import PaymentCrypto

@Suite("Check values of the vector files")
struct CheckValueVectorTests {
    struct Row: Decodable {
        let id, algorithm, key, kcvLegacyFull, kcvCmacFull, kcvLegacy3, kcvLegacy2, kcvCmac5, kcvCmac3: String
        let published: [String: String]

        /// Nil for single DES, which this tool does not have.
        var keyAlgorithm: KeyAlgorithm? { KeyAlgorithm(rawValue: algorithm.lowercased()) }
    }

    @Test("every row whose algorithm there is", arguments: VectorFile.all("kcv.json"))
    func rows(file: VectorFile) throws {
        let rows: [Row] = try file.rows()
        let usable = rows.filter { $0.keyAlgorithm != nil }
        #expect(usable.count >= 41)
        #expect(Set(usable.compactMap(\.keyAlgorithm)) == Set(KeyAlgorithm.allCases))
        for row in usable {
            let key = try SymmetricKey.test(row.key, isTDES: row.algorithm.hasPrefix("TDES"))
            #expect(key.algorithm == row.keyAlgorithm, "\(row.id)")
            #expect(try key.checkValue(.legacy).description == row.kcvLegacy3, "\(row.id)")
            #expect(try key.checkValue(.legacy, byteCount: 2).description == row.kcvLegacy2, "\(row.id)")
            #expect(try key.checkValue(.cmac).description == row.kcvCmac5, "\(row.id)")
            #expect(try key.checkValue(.cmac, byteCount: 3).description == row.kcvCmac3, "\(row.id)")
            let standard = key.algorithm.isTDES ? row.kcvLegacy3 : row.kcvCmac5
            #expect(try key.checkValue().description == standard, "\(row.id)")
            for (name, value) in row.published {
                let method: CheckValueMethod = name.contains("cmac") ? .cmac : .legacy
                let found = try key.checkValue(method, byteCount: value.count / 2)
                #expect(found.description == value.uppercased(), "\(row.id), \(name)")
            }
        }
    }

    @Test("whole blocks, from which the check values are cut", arguments: VectorFile.all("kcv.json"))
    func wholeBlocks(file: VectorFile) throws {
        let rows: [Row] = try file.rows()
        for row in rows {
            guard let algorithm = row.keyAlgorithm else { continue }
            let key = try SymmetricKey.test(row.key, isTDES: algorithm.isTDES)
            let cipher = try OpenSSLEngine().makeCheckValueCipher(for: algorithm)
            for (method, expected) in [(CheckValueMethod.legacy, row.kcvLegacyFull), (.cmac, row.kcvCmacFull)] {
                let block = SecretScratch(byteCount: algorithm.blockByteCount)
                try key.bytes.withExposedBytes {
                    try cipher.checkBlocks(method, keys: $0, stride: $0.count, into: block.bytes)
                }
                #expect(Hexadecimal.text(block.bytes) == expected, "\(row.id)")
            }
        }
    }

    @Test("a column gives what its rows give one by one", arguments: KeyAlgorithm.allCases)
    func columns(algorithm: KeyAlgorithm) throws {
        let column = try CheckValueColumn(algorithm, engine: OpenSSLEngine(), capacity: 4096)
        let empty = try SymmetricKey.seeded(algorithm, 0).checkValue(.legacy)
        for count in [4096, 3, 1, 0] {
            let keys = KeyColumn(algorithm: algorithm, capacity: 4096)
            for row in 0..<count { keys.append(SymmetricKey.seeded(algorithm, UInt64(row))) }
            for (method, byteCount) in [(CheckValueMethod.legacy, 2), (.legacy, 3), (.cmac, 3), (.cmac, 5)] {
                var found = [CheckValue](repeating: empty, count: count)
                try found.withUnsafeMutableBufferPointer {
                    try column.compute(method, byteCount: byteCount, of: keys, into: $0)
                }
                for row in 0..<count {
                    let expected = try SymmetricKey.seeded(algorithm, UInt64(row)).checkValue(
                        method, byteCount: byteCount)
                    #expect(found[row] == expected, "row \(row) of \(count)")
                }
            }
        }
    }
}
