import Facility
import PaymentCrypto
import Testing

@testable import Provisioning

@Suite("Numbers that are issued again")
struct ReissueTests {
    private static func row(_ line: Int, count: Int) -> Reissue.Row {
        Reissue.Row(
            first: InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5432_10E0), count: count, identity: 0,
            line: line)
    }

    private static func reissue() throws -> Reissue {
        let fixture = try RunFixture()
        let ledger = try Ledger.openOrMake(fixture.site.site)
        return Reissue(try ReissueCheck([], ledger, in: fixture.site.site))
    }

    @Test("a row with a quantity is judged once, however many chunks it goes on in")
    func once() throws {
        let reissue = try Self.reissue()
        var count = 0
        for _ in 0..<100 {
            let fault = reissue.judge(Self.row(2, count: 500_000)) { _ in
                count += 1
                return IssuedNumbers.Fault(message: "taken", hint: "none")
            }
            #expect(fault?.message == "taken")
        }
        #expect(count == 1)
        // A good row is one that was judged, too.
        for _ in 0..<100 {
            let fault = reissue.judge(Self.row(3, count: 500_000)) { _ in
                count += 1
                return nil
            }
            #expect(fault == nil)
        }
        #expect(count == 2)
    }

    @Test("only so many verdicts are kept, and none of rows of one device")
    func bounded() throws {
        let reissue = try Self.reissue()
        var count = 0
        for line in [Int](2..<1_000) + [999, 2] {
            _ = reissue.judge(Self.row(line, count: 2)) { _ in
                count += 1
                return nil
            }
        }
        #expect(count == 999)
        for _ in 0..<3 {
            _ = reissue.judge(Self.row(5_000, count: 1)) { _ in
                count += 1
                return nil
            }
        }
        #expect(count == 1_002)
    }
}
