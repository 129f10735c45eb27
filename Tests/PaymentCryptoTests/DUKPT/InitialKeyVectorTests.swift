import Testing

@testable import PaymentCrypto

/// Every row of the vector files for initial keys: key, serial number, counter and check values.
@Suite("Initial keys of the vector files")
struct InitialKeyVectorTests {
    struct TDESRow: Decodable {
        let id, bdk, ksn, iksn, ipek, ipekKcvLegacy, ipekKcvCmac, bdkKcvLegacy, bdkKcvCmac: String
        let transactionCounter: UInt32
    }

    struct AESRow: Decodable {
        let id, algorithm, bdk, ksn, ikid, ik, ikKcvCmac5, ikKcvLegacy3, bdkKcvCmac5: String
        let transactionCounter: UInt32
    }

    @Test("TDES", arguments: VectorFile.all("ipek-tdes.json"))
    func tdes(file: VectorFile) throws {
        let rows: [TDESRow] = try file.rows()
        #expect(rows.count >= 33)
        for row in rows {
            let number = try KeySerialNumber(row.ksn, family: .tdes)
            #expect(number.initial.description == row.iksn, "\(row.id)")
            #expect(number.transactionCounter == row.transactionCounter, "\(row.id)")
            let expected = Expected(
                initialKey: row.ipek, legacy: row.ipekKcvLegacy, cmac: row.ipekKcvCmac, bdkLegacy: row.bdkKcvLegacy,
                bdkCMAC: row.bdkKcvCmac)
            try check(bdk: row.bdk, number, expected, "\(row.id)")
        }
    }

    @Test("AES", arguments: VectorFile.all("ik-aes.json"))
    func aes(file: VectorFile) throws {
        let rows: [AESRow] = try file.rows()
        #expect(rows.count >= 27)
        #expect(Set(rows.map(\.algorithm)) == ["AES-128", "AES-192", "AES-256"])
        for row in rows {
            let number = try KeySerialNumber(row.ksn, family: .aes)
            #expect(number.initial.description == row.ikid + "00000000", "\(row.id)")
            #expect(number.transactionCounter == row.transactionCounter, "\(row.id)")
            // The initial key ID alone names the same device.
            #expect(try KeySerialNumber(row.ikid, family: .aes).initial == number.initial, "\(row.id)")
            let expected = Expected(
                initialKey: row.ik, legacy: row.ikKcvLegacy3, cmac: row.ikKcvCmac5, bdkLegacy: nil,
                bdkCMAC: row.bdkKcvCmac5)
            try check(bdk: row.bdk, number, expected, "\(row.id)")
        }
    }

    @Test("random TDES keys and serial numbers", arguments: VectorFile.all("ipek-tdes-random.csv"))
    func randomTDES(file: VectorFile) throws {
        let rows = try file.csvRows()
        #expect(rows.count >= 200)
        for row in rows {
            let number = try KeySerialNumber(try row.value("ksn"), family: .tdes)
            #expect(number.initial.description == (try row.value("initial_ksn")))
            let expected = Expected(
                initialKey: try row.value("ipek"), legacy: try row.value("kcv_legacy"),
                cmac: try row.value("kcv_cmac"), bdkLegacy: try row.value("bdk_kcv_legacy"), bdkCMAC: nil)
            try check(bdk: try row.value("bdk"), number, expected, "\(row)")
        }
    }

    @Test("random AES keys and serial numbers", arguments: VectorFile.all("ik-aes-random.csv"))
    func randomAES(file: VectorFile) throws {
        let rows = try file.csvRows()
        #expect(rows.count >= 600)
        for row in rows {
            let number = try KeySerialNumber(try row.value("ksn"), family: .aes)
            #expect(String(number.initial.description.prefix(16)) == (try row.value("initial_key_id")))
            let expected = Expected(
                initialKey: try row.value("ik"), legacy: try row.value("kcv_legacy"),
                cmac: try row.value("kcv_cmac"), bdkLegacy: nil, bdkCMAC: try row.value("bdk_kcv_cmac"))
            try check(bdk: try row.value("bdk"), number, expected, "\(row)")
        }
    }

    private struct Expected {
        let initialKey, legacy, cmac: String
        let bdkLegacy, bdkCMAC: String?
    }

    private func check(
        bdk text: String, _ number: KeySerialNumber, _ expected: Expected, _ comment: Comment
    ) throws {
        let key = try SymmetricKey.test(text, isTDES: number.initial.family == .tdes)
        let bdk = try BaseDerivationKey(key)
        let derived = try BaseKeySource(bdk).initialKey(for: number.initial)
        #expect(derived.algorithm == key.algorithm, comment)
        #expect(try derived.checkValue(.legacy).description == expected.legacy, comment)
        #expect(try derived.checkValue(.cmac).description == expected.cmac, comment)
        #expect(try expected.bdkLegacy.map { $0 == (try key.checkValue(.legacy).description) } ?? true, comment)
        #expect(try expected.bdkCMAC.map { $0 == (try key.checkValue(.cmac).description) } ?? true, comment)
        // Check values do not show parity bits, so bytes are compared.
        #expect(derived.bytes.hexadecimal() == expected.initialKey, comment)
    }
}
