import PaymentCrypto
import Testing

@Suite("Self-test")
struct SelfTestTests {
    @Test("every known answer holds in this build")
    func everyKnownAnswerHolds() {
        let outcomes = SelfTest.run()
        #expect(outcomes.count >= 17)
        for outcome in outcomes { #expect(outcome.passed, "\(outcome.name)") }
    }
}
