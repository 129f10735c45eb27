import Testing

@testable import PaymentCrypto

/// Every row of tr31-negative.json: one fault each, most of them behind a right authenticator.
@Suite struct KeyBlockNegativeVectorTests {
    struct Row: Decodable {
        let id, expect, stage, why, kbpk, keyBlock: String
        let key: String?
    }

    /// The answer of one strictness.
    enum Answer: Equatable {
        case opened(key: String, deviations: [KeyBlockDeviation])
        case refused(KeyBlockError)
        /// There is no algorithm with such a protection key, so it cannot even be asked.
        case noSuchProtectionKey

        var isOpened: Bool { if case .opened = self { true } else { false } }
    }

    /// `reject-strict` rows that lenient opening refuses too; docs/formats/key-blocks.md says why.
    static let refusedLenientlyToo: Set = ["tr31neg-pub-271", "tr31neg-pub-273"]

    /// The answers to the `policy` rows, as docs/formats/key-blocks.md has them.
    static let policy: [String: (strict: Bool, lenient: Bool)] = [
        "tr31neg-pub-211": (true, true),  // extended length of a short block
        "tr31neg-pub-219": (true, true),  // KS in lower case
        "tr31neg-pub-229": (false, true),  // BI on an initial key
        "tr31neg-pub-230": (false, true),  // KS on a base derivation key
        "tr31neg-pub-243": (true, true),  // legacy check value of an AES key
        "tr31neg-pub-266": (true, true),  // mode of use N
        "tr31neg-pub-275": (false, true),  // single DES
        "tr31neg-pub-276": (true, true),  // a PIN key: refused by usage where it is used
        "tr31neg-pub-297": (false, true),  // padding counted into a TDES initial key
        "tr31neg-pub-318": (false, true),
        "tr31neg-pub-348": (false, false),  // K1 K2 K1 derives other keys
    ]

    @Test(arguments: VectorFile.all("tr31-negative.json"))
    func everyFaultHasItsAnswer(file: VectorFile) throws {
        let rows: [Row] = try file.rows()
        #expect(rows.count >= 375)
        for row in rows {
            let strict = answer(row, .strict)
            let lenient = answer(row, .lenient)
            switch row.expect {
            case "reject":
                #expect(!strict.isOpened && !lenient.isOpened, "\(row.id): \(row.why)")
                if row.stage == "mac" { #expect(strict == .refused(.wrongKeyOrAltered), "\(row.id): \(row.why)") }
            case "reject-strict":
                #expect(!strict.isOpened, "\(row.id): \(row.why)")
                checkLenient(row, lenient)
            case "accept":
                checkOpened(row, strict)
                checkOpened(row, lenient)
            default:
                let policy = try #require(Self.policy[row.id], "\(row.id) has no answer")
                #expect(strict.isOpened == policy.strict && lenient.isOpened == policy.lenient, "\(row.id): \(row.why)")
            }
        }
    }

    private func checkLenient(_ row: Row, _ answer: Answer) {
        guard case .opened(_, let deviations) = answer else {
            #expect(Self.refusedLenientlyToo.contains(row.id), "\(row.id): \(row.why): \(answer)")
            return
        }
        #expect(deviations.contains { $0.severity == .strictOnly && !$0.description.isEmpty }, "\(row.id): \(row.why)")
        checkOpened(row, answer)
    }

    private func checkOpened(_ row: Row, _ answer: Answer) {
        guard case .opened(let key, _) = answer else {
            Issue.record("\(row.id): \(row.why): \(answer)")
            return
        }
        if let expected = row.key { #expect(key == expected, "\(row.id)") }
    }

    private func answer(_ row: Row, _ strictness: KeyBlockStrictness) -> Answer {
        let isTDES = row.keyBlock.first.flatMap(KeyBlockVersion.init)?.isTDES ?? true
        guard let kbpk = SymmetricKey(row.kbpk, isTDES: isTDES) ?? SymmetricKey(row.kbpk, isTDES: !isTDES) else {
            return .noSuchProtectionKey
        }
        do {
            let opened = try KeyBlock.open(row.keyBlock, under: kbpk, strictness: strictness)
            let deviations = opened.deviations
            return .opened(key: opened.takeKeyBytes().hexadecimal(), deviations: deviations)
        } catch {
            return .refused(error)
        }
    }
}
