@testable import SpoolConsole
@testable import SpoolSchedule
import Testing

struct HumanTimeTests {
    /// Tuesday, 24 November 2026, 13:00 in UTC.
    private static let now = Timestamp(milliseconds: 1_795_525_200_000)
    private let time = HumanTime(now: HumanTimeTests.now, zone: .utc)

    @Test(arguments: [
        (Interval.hours(6), "today 19:00, in 6 h", "19:00"),
        (.minutes(192), "today 16:12, in 3 h 12 min", "16:12"),
        (.hours(-24), "yesterday 13:00", "Mon 13:00"), (.hours(20), "tomorrow 09:00, in 20 h", "Wed 09:00"),
        (.days(3), "Fri 13:00, in 3 d", "Fri 13:00"), (.days(-3), "Sat 13:00", "Sat 13:00"),
        (.days(8), "2 Dec 13:00", "2 Dec"), (.days(-400), "20 Oct 2025", "Oct 2025"),
        (.seconds(-7), "today 12:59, 7 s ago", "12:59"), (.seconds(-95), "today 12:58, 1 min ago", "12:58"),
        (.zero, "today 13:00, now", "13:00"),
    ])
    func `times are told as people tell them`(away: Interval, full: String, brief: String) {
        #expect(time.full(time.now + away) == full)
        #expect(time.brief(time.now + away) == brief)
    }

    @Test func `yesterday is by the calendar of the zone`() {
        let east = HumanTime(now: HumanTimeTests.now, zone: TimeZoneRules(utcOffset: 11 * 3600))
        #expect(
            east.day(HumanTimeTests.now - .hours(1)) == "today 23:00".replacing("today", with: "yesterday"))
        #expect(east.day(HumanTimeTests.now) == "today 00:00")
    }

    @Test(
        arguments: [
            (0, "0 s", "0 s"), (59, "59 s", "59 s"), (61, "1 min 1 s", "1 min"), (780, "13 min", "13 min"),
            (11_520, "3 h 12 min", "3 h"), (187_200, "2 d 4 h", "2 d"), (-5, "0 s", "0 s"),
            (31_536_000, "365 d", "365 d"),
        ] as [(Int64, String, String)])
    func `lengths of time have two units at most`(seconds: Int64, long: String, brief: String) {
        #expect(HumanTime.length(seconds) == long)
        #expect(HumanTime.briefLength(seconds) == brief)
    }
}
