/// What a clock and a calendar on the wall show, without saying where the wall is.
package struct LocalDateTime: Hashable, Sendable {
    /// The seconds from 1970-01-01T00:00:00 on the same wall, as if its clock were never changed.
    package let wallSeconds: Int64

    init(wallSeconds: Int64) {
        self.wallSeconds = wallSeconds
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
    var hour: Int { secondOfDay / 3600 }
    /// The minute, 0 to 59.
    var minute: Int { secondOfDay / 60 % 60 }
    /// The second, 0 to 59.
    package var second: Int { secondOfDay % 60 }
    /// The day of the week.
    package var weekday: Weekday {
        Weekday.allCases[CivilDate.weekday(daysSince1970: dayNumber)]
    }
}
