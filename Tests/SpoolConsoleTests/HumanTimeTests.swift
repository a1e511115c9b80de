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
            (0, "0 s", "0 s"), (1, "1 s", "1 s"), (59, "59 s", "59 s"), (60, "1 min", "1 min"),
            (61, "1 min 1 s", "1 min"), (780, "13 min", "13 min"), (3599, "59 min", "59 min"),
            (3600, "1 h", "1 h"), (6000, "1 h 40 min", "1 h"), (86_459, "1 d", "1 d"),
            (277_200, "3 d 5 h", "3 d"),
            (11_520, "3 h 12 min", "3 h"), (187_200, "2 d 4 h", "2 d"), (-5, "0 s", "0 s"),
            (31_536_000, "365 d", "365 d"),
        ] as [(Int64, String, String)])
    func `lengths of time have two units at most`(seconds: Int64, long: String, brief: String) {
        #expect(HumanTime.length(seconds) == long)
        #expect(HumanTime.length(seconds, .oneUnit) == brief)
    }

    @Test(arguments: [
        (0, "0 s"), (45, "45 s"), (59, "59 s"), (60, "1 min"), (3569, "59 min"), (3570, "1 h"),
        (5400, "1 h 30 min"),
        (11_520, "3 h 12 min"), (86_369, "23 h 59 min"), (86_400, "1 day"), (90_000, "1 day 1 h"),
        (187_200, "2 days 4 h"), (14 * 86_400 + 7200, "14 days"), (-5, "0 s"),
    ])
    func `what is planned is rounded to the smaller unit`(seconds: Int64, text: String) {
        #expect(HumanTime.length(seconds, .rounded) == text)
    }

    // MARK: In Stockholm

    /// Tuesday, 2026-11-24 22:30 UTC, which is half an hour before midnight in Stockholm.
    private let late = HumanTime(now: Timestamp(seconds: 1_795_559_400), zone: TimeZoneRules(utcOffset: 3600))

    @Test(arguments: [
        (0, "today 23:30"), (1799, "today 23:59"), (1800, "tomorrow 00:00"), (-84_601, "yesterday 23:59"),
        (-84_600, "today 00:00"), (88_200, "Thu 26 Nov 00:00"), (-86_400 * 8, "Mon 16 Nov 23:30"),
        (86_400 * 40, "Sun 3 Jan 2027 23:30"),
    ])
    func `a moment is named as the clocks of the zone show it`(seconds: Int64, text: String) {
        #expect(late.calendarDay(late.now + .seconds(seconds)) == text)
    }

    @Test func `a moment is exact with its offset, its second or its weekday`() {
        #expect(late.withOffset(late.now) == "2026-11-24 23:30 +01:00")
        let west = HumanTime(now: late.now, zone: TimeZoneRules(utcOffset: -12_600))
        #expect(west.withOffset(late.now + .seconds(5)) == "2026-11-24 19:00:05 -03:30")
        #expect(late.exact(late.now + .seconds(5)) == "24 Nov 2026 23:30:05")
        #expect(late.exactWithWeekday(late.now) == "Tue 24 Nov 2026 23:30:00")
        #expect(late.date(late.now) == "24 Nov 23:30" && late.zoneName == "UTC+1")
        #expect(late.date(late.now + .days(40)) == "3 Jan 2027 23:30" && west.zoneName == "UTC−3:30")
    }

    @Test func `distances go both ways`() {
        #expect(late.relative(late.now + .seconds(11_520), .rounded) == "in 3 h 12 min")
        #expect(late.relative(late.now - .seconds(172_800), .rounded) == "2 days ago")
        #expect(late.relative(late.now, .rounded) == "now")
    }
}
