import PaymentCrypto
import Testing

@testable import Provisioning

struct ReturnStateTests {
    /// As returns may be cut anywhere, what they say together must not depend on where.
    @Test func `It does not matter in how many files rows came`() {
        var random = SplitMix(state: 7)
        for _ in 0..<2_000 {
            let rows = (0..<Int.random(in: 2...6, using: &random)).map { _ in Self.state(&random) }
            let whole = rows.reduce(ReturnState()) { $0.followed(by: $1) }
            for cut in 1..<rows.count {
                let first = rows[..<cut].reduce(ReturnState()) { $0.followed(by: $1) }
                let second = rows[cut...].reduce(ReturnState()) { $0.followed(by: $1) }
                let both = first.followed(by: second)
                #expect(both.phase == whole.phase && both.disagrees == whole.disagrees)
                #expect(both.isRepeated && both.isRepeated == whole.isRepeated && both.words == whole.words)
                if !whole.disagrees {
                    #expect(both.checkValue == whole.checkValue && both.serialNumber == whole.serialNumber)
                }
            }
        }
    }

    private static func state(_ random: inout SplitMix) -> ReturnState {
        var state = ReturnState()
        state.phase = Bool.random(using: &random) ? .succeeded : .failed
        let texts = ["AF8C07", "AF8C", "AF8C0", "AF8C07AA", "AF8C07BB", "1A", "", "x"]
        state.checkValue = ReturnedCheckValue(texts.randomElement(using: &random) ?? "")
        state.serialNumber =
            [.notGiven, .given(32), .given(64), .unreadable].randomElement(using: &random) ?? .notGiven
        if state.phase == .failed { state.words = UInt8.random(in: 1...3, using: &random) }
        return state
    }

    @Test(arguments: [
        ("AF8C07", "af8c07", true), ("AF8C07", "AF8C", true), ("AF8C07", "AF8", false), ("AF8C07", "AF8D07", false),
        ("AF8C07", "AF8C0711223344", true), ("AF8C07", "", false), ("AF8C07", "AF8C0G", false),
        // Longer than any check value: perhaps a key.
        ("AF8C07", "AF8C0711223344556", false), ("1234567890", "12345678", true),
    ])
    func `Check values are compared as far as the shorter one goes`(_ left: String, _ right: String, _ agree: Bool) {
        #expect(ReturnedCheckValue(left).agrees(with: ReturnedCheckValue(right)) == agree)
        #expect(ReturnedCheckValue(right).agrees(with: ReturnedCheckValue(left)) == agree)
    }

    @Test func `A check value is shown as it came, in upper case, and not what may be a key`() {
        #expect(ReturnedCheckValue("af8c07").description == "AF8C07")
        #expect(ReturnedCheckValue("123456789012").description == "1234567890")
        #expect(ReturnedCheckValue("0123456789ABCDEF0").description == "")
        #expect(ReturnedCheckValue("AF8").digitCount == 3)
    }

    @Test func `Words of failures are told apart as far as a device can remember them`() {
        var words = FailureWords()
        let numbers = (0..<20).map { words.index(of: "error \($0)") }
        #expect(words.index(of: "error 0") == numbers[0])
        #expect(words[numbers[13]] == "error 13")
        #expect(words[numbers[14]] == FailureWords.others && words[numbers[19]] == FailureWords.others)
        #expect(words[0] == nil)
    }
}
