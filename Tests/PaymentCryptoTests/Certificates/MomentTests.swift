import Testing

@testable import PaymentCrypto

@Suite("Moments")
struct MomentTests {
    @Test(
        "the calendar, there and back",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
            (1_772_366_400, "2026-03-01T12:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ])
    func calendar(seconds: Int, text: String) throws {
        let moment = Moment(secondsSince1970: seconds)
        #expect(moment.description == text)
        let time = try #require(KeyBlockTime(text))
        let back = Moment(
            year: time.year, month: time.month, day: time.day, hour: time.hour, minute: time.minute,
            second: time.second)
        #expect(back == moment)
    }

    @Test("outside the calendar", arguments: [Int.min, Int.max, 253_402_300_800, -62_167_219_201])
    func outside(seconds: Int) {
        let moment = Moment(secondsSince1970: seconds)
        #expect(moment.calendar == nil)
        #expect(moment.description == "\(seconds) seconds after 1970-01-01T00:00:00Z")
    }

    @Test("a day that does not exist")
    func noSuchDay() {
        #expect(Moment(year: 2026, month: 2, day: 29) == nil)
        #expect(Moment(year: 2026, month: 13, day: 1) == nil)
        #expect(Moment(year: 10000, month: 1, day: 1) == nil)
    }
}
