/// What a clock and a calendar on the wall show, without saying where the wall is.
package struct LocalDateTime: Comparable, Hashable, Sendable {
    /// The seconds from 1970-01-01T00:00:00 on the same wall, as if its clock were never changed.
    package let wallSeconds: Int64

    package init(wallSeconds: Int64) {
        self.wallSeconds = wallSeconds
    }

    /// Makes a local time of its parts, or nil if the calendar has no such day or the day no such second.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int = 0) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.daysIn(month: Int64(month), of: Int64(year)),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        let date = CivilDate(year: Int64(year), month: Int64(month), day: Int64(day))
        wallSeconds = date.daysSince1970 * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private var date: CivilDate { CivilDate(daysSince1970: dayNumber) }
    private var secondOfDay: Int { Int(floorRemainder(wallSeconds, 86_400)) }

    /// The year.
    package var year: Int { Int(date.year) }
    /// The month, 1 to 12.
    package var month: Int { Int(date.month) }
    /// The day of the month, 1 to 31.
    package var day: Int { Int(date.day) }
    /// The hour, 0 to 23.
    package var hour: Int { secondOfDay / 3600 }
    /// The minute, 0 to 59.
    package var minute: Int { secondOfDay / 60 % 60 }
    /// The second, 0 to 59.
    package var second: Int { secondOfDay % 60 }
    /// The day of the week.
    package var weekday: Weekday {
        Weekday.allCases[CivilDate.weekday(daysSince1970: dayNumber)]
    }

    /// Compares as a calendar and a clock do, without a time zone.
    package static func < (left: LocalDateTime, right: LocalDateTime) -> Bool {
        left.wallSeconds < right.wallSeconds
    }
}

extension LocalDateTime: CustomStringConvertible {
    /// The form that a document uses, such as `2026-11-24T19:00:00`.
    package var description: String {
        var bytes: [UInt8] = []
        Timestamp(seconds: wallSeconds).append(to: &bytes, milliseconds: false)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
}
