@testable import SpoolCheck
@testable import SpoolSchedule
import Testing

struct PeopleTests {
    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (1234, "1.2 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"), (99_949, "100 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (4_210_000, "4.2 MB"),
        (10_000_000, "10 MB"), (64 << 20, "67 MB"), (2_500_000_000, "2.5 GB"),
    ])
    func `sizes have two digits or whole numbers`(bytes: Int, text: String) {
        #expect(People.size(bytes) == text)
    }

    @Test(arguments: [
        (0, "0 s"), (45, "45 s"), (59, "59 s"), (60, "1 min"), (3569, "59 min"), (3570, "1 h"),
        (5400, "1 h 30 min"),
        (11_520, "3 h 12 min"), (86_369, "23 h 59 min"), (86_400, "1 day"), (90_000, "1 day 1 h"),
        (187_200, "2 days 4 h"), (14 * 86_400 + 7200, "14 days"), (-5, "0 s"),
    ])
    func `lengths of time have their two largest units`(seconds: Int64, text: String) {
        #expect(People.duration(seconds: seconds) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_000_000, "1,000,000"), (-12_345, "-12,345"),
    ])
    func `numbers have commas between thousands`(number: Int, text: String) {
        #expect(People.number(number) == text)
    }

    @Test func `one is singular`() {
        #expect(People.count(1, "link leads", "links lead") == "1 link leads")
        #expect(People.count(0, "link leads", "links lead") == "0 links lead")
        #expect(People.count(1200, "link leads", "links lead") == "1,200 links lead")
    }

    /// Tuesday, 2026-11-24 22:30 UTC, which is half an hour before midnight in Stockholm.
    private let now = Timestamp(seconds: 1_795_559_400)
    private let zone = TimeZoneRules(utcOffset: 3600)

    @Test(arguments: [
        (0, "today 23:30"), (1799, "today 23:59"), (1800, "tomorrow 00:00"), (-84_601, "yesterday 23:59"),
        (-84_600, "today 00:00"), (88_200, "Thu 26 Nov 00:00"), (-86_400 * 8, "Mon 16 Nov 23:30"),
        (86_400 * 40, "Sun 3 Jan 2027 23:30"),
    ])
    func `a moment is named as the clocks of the zone show it`(seconds: Int64, text: String) {
        #expect(People.moment(now + .seconds(seconds), now: now, zone: zone) == text)
    }

    @Test func `a moment is exact with its offset`() {
        #expect(People.absolute(now, zone: zone) == "2026-11-24 23:30 +01:00")
        #expect(
            People.absolute(now + .seconds(5), zone: .init(utcOffset: -12_600))
                == "2026-11-24 19:00:05 -03:30")
    }

    @Test func `distances go both ways`() {
        #expect(People.distance(from: now, to: now + .seconds(11_520)) == "in 3 h 12 min")
        #expect(People.distance(from: now, to: now - .seconds(172_800)) == "2 days ago")
        #expect(People.distance(from: now, to: now) == "now")
    }
}
