@testable import SpoolSchedule
@testable import TestSupport
import Testing

struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"),
        (1_795_460_400_123, "2026-11-23T19:00:00.123Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `a moment is written as RFC 3339 and read again`(milliseconds: Int64, text: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.rfc3339Milliseconds == text)
        #expect(time.rfc3339 == text.prefix(19) + "Z")
        #expect(Timestamp(rfc3339: text) == time)
        #expect(Array(text.utf8).withUnsafeBytes { Timestamp(rfc3339: $0) } == time)
    }

    @Test func `every day from 1970 to 9999 has the date that counting gives it`() {
        var expected = (year: 1970, month: 1, day: 1, weekday: 3)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for day in Int64(0)...2_932_896 {
            let date = CivilDate(daysSince1970: day)
            let agrees =
                date
                == CivilDate(
                    year: Int64(expected.year), month: Int64(expected.month), day: Int64(expected.day))
                && date.daysSince1970 == day && CivilDate.weekday(daysSince1970: day) == expected.weekday
            guard agrees else {
                Issue.record("day \(day): \(date) instead of \(expected)")
                return
            }
            let isLeap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
            expected.weekday = (expected.weekday + 1) % 7
            expected.day += 1
            if expected.day > lengths[expected.month - 1] + (expected.month == 2 && isLeap ? 1 : 0) {
                expected = (expected.year, expected.month + 1, 1, expected.weekday)
            }
            if expected.month == 13 { expected = (expected.year + 1, 1, 1, expected.weekday) }
        }
        #expect(expected.year == 10_000)
    }

    @Test func `random moments survive being written and read`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<20_000 {
            let time = Timestamp(milliseconds: random.number(Int64(0)...253_402_300_799_999))
            var bytes = Array("at ".utf8)
            time.append(to: &bytes)
            #expect(bytes.dropFirst(3).withUnsafeBytes { Timestamp(rfc3339: $0) } == time)
        }
    }

    @Test(arguments: [
        ("2026-11-23T20:00:00+01:00", "2026-11-23T19:00:00.000Z"),
        ("2026-11-23t13:30:00.5-05:30", "2026-11-23T19:00:00.500Z"),
        ("2026-11-23T19:00:00z", "2026-11-23T19:00:00.000Z"),
        ("2026-11-23T19:00:00-00:00", "2026-11-23T19:00:00.000Z"),
        ("2026-11-23T19:00:00.1239999Z", "2026-11-23T19:00:00.123Z"),
        ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59.999Z"),
        ("2026-12-31T23:59:60.5Z", "2026-12-31T23:59:59.999Z"),
        ("1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00.000Z"),
    ])
    func `offsets, fractions, small letters and the leap second are read`(text: String, utc: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339Milliseconds == utc)
    }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T19:00Z", "2026-11-23T19:00:00", "2026-11-23 19:00:00Z",
        "2026-11-23T19:00:00.Z", "2026-11-23T19:00:00+0100", "2026-11-23T19:00:00+01", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-31T00:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T19:60:00Z", "2026-11-23T19:00:61Z", "2026-11-23T19:00:00+24:00",
        "2026-11-23T19:00:00Z ", " 2026-11-23T19:00:00Z", "2026-11-23T19:00:00ZZ", "1969-12-31T23:59:59Z",
        "1970-01-01T00:59:59+01:00", "9999-12-31T23:59:59-00:01", "+026-11-23T19:00:00Z",
        "２026-11-23T19:00:00Z",
        "2026-11-23T19:00:00,5Z", "2026-1-23T19:00:00Z",
    ])
    func `what is not RFC 3339 is not read`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `a moment of a broken clock is written as the nearest that can be read`() {
        #expect(Timestamp(milliseconds: .min).rfc3339Milliseconds == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: -1).rfc3339 == "1970-01-01T00:00:00Z")
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59Z")
        #expect(Timestamp(milliseconds: .max) + .days(1) == Timestamp(milliseconds: .max))
        #expect(Timestamp(milliseconds: .min) - .days(1) == Timestamp(milliseconds: .min))
        #expect(Timestamp(milliseconds: -1).seconds == -1)
    }

    @Test(arguments: [
        (0, "Mon, 23 Nov 2026 19:00:00 +0000"),
        (3600, "Mon, 23 Nov 2026 20:00:00 +0100"),
        (-12_600, "Mon, 23 Nov 2026 15:30:00 -0330"),
        (20_700, "Tue, 24 Nov 2026 00:45:00 +0545"),
        (-36_000, "Mon, 23 Nov 2026 09:00:00 -1000"),
        (1172, "Mon, 23 Nov 2026 19:19:00 +0019"),
    ])
    func `the date of a header is that of RFC 5322`(offset: Int, text: String) {
        #expect(Timestamp(rfc3339: "2026-11-23T19:00:00Z")?.rfc5322(utcOffset: offset) == text)
    }

    @Test func `a day below ten has one digit in a header`() {
        #expect(Timestamp(seconds: 0).rfc5322() == "Thu, 1 Jan 1970 00:00:00 +0000")
    }

    @Test(
        arguments: [
            (2_147_483_648, 0, "Tue, 19 Jan 2038 03:14:08 +0000"),
            (951_782_400, -12_600, "Mon, 28 Feb 2000 20:30:00 -0330"),
            (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"),
        ] as [(Int64, Int, String)])
    func `a date of a message is right before 1970, after 2038 and west of Greenwich`(
        seconds: Int64, offset: Int, text: String
    ) {
        #expect(Timestamp(seconds: seconds).rfc5322(utcOffset: offset) == text)
    }
}
