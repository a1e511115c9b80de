// What calendars and clocks show, in English whatever the locale: for people, and for the date of a message.

/// A number from 0 to 99 in two digits.
package func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

extension Weekday {
    /// "Mon".
    package var name: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

extension LocalDateTime {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// "Nov".
    package var monthName: String { LocalDateTime.months[month - 1] }

    /// "24 Nov".
    package var dayAndMonth: String { "\(day) \(monthName)" }

    /// "19:00".
    package var clock: String { "\(twoDigits(hour)):\(twoDigits(minute))" }

    /// "19:00:05".
    package var clockWithSeconds: String { "\(clock):\(twoDigits(second))" }

    /// Days since 1970-01-01 by the calendar on the same wall.
    package var dayNumber: Int64 { floorDivision(wallSeconds, 86_400) }
}
