internal import SpoolText

/// The hours of the week in which a mailing may be delivered, by the clocks of its time zone.
///
/// A moment is inside if what the clocks show is inside; so an hour that the clocks show twice is inside
/// twice, and one that they skip never comes. The window never opens outside its hours to make up for it.
package struct DeliveryWindow: Equatable, Sendable {
    /// Milliseconds after midnight at which it opens.
    private let from: Int64
    /// Milliseconds after the same midnight at which it closes, up to 24 hours after it opened.
    private let until: Int64
    /// Whether it opens on each day of the week, Monday first.
    private let opens: [Bool]

    /// Makes a window of the texts of a document.
    ///
    /// - Parameters:
    ///   - from: `HH:MM`, when it opens.
    ///   - until: `HH:MM` or `24:00`, when it closes, on the next day if not later than `from`. The same
    ///     time as `from` means a whole day.
    ///   - days: `mon` to `sun`, the days on which it opens; nil means all of them.
    /// - Throws: ``Diagnostic`` for a time that is none, an unknown or repeated day, or no day at all.
    package init(from: String, until: String, days: [String]? = nil) throws(Diagnostic) {
        let opening = try DeliveryWindow.minutes(from, most: 23 * 60 + 59)
        let closing = try DeliveryWindow.minutes(until, most: 24 * 60)
        self.from = opening * 60_000
        self.until = (closing > opening ? closing : closing + 24 * 60) * 60_000
        opens = try DeliveryWindow.week(days)
    }

    private static func week(_ days: [String]?) throws(Diagnostic) -> [Bool] {
        guard let days else { return Array(repeating: true, count: 7) }
        let hint = "write some of \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\""
        guard !days.isEmpty else { throw Diagnostic("the window opens on no day", hint: hint) }
        var week = Array(repeating: false, count: 7)
        for name in days {
            guard let day = Weekday(rawValue: name), let index = Weekday.allCases.firstIndex(of: day) else {
                throw Diagnostic("\(name.quoted) is not a day of the week", hint: hint)
            }
            guard !week[index] else {
                throw Diagnostic("\(name.quoted) stands twice", hint: "write it once")
            }
            week[index] = true
        }
        return week
    }

    private static func minutes(_ text: String, most: Int64) throws(Diagnostic) -> Int64 {
        var copy = text
        let minutes: Int64? = copy.withUTF8 { bytes in
            var scanner = DigitScanner(bytes: UnsafeRawBufferPointer(bytes))
            guard let hour = scanner.number(digits: 2), scanner.skip(UInt8(ascii: ":")),
                let minute = scanner.number(digits: 2), scanner.isAtEnd, minute <= 59
            else { return nil }
            return hour * 60 + minute
        }
        guard let minutes, minutes <= most else {
            let bounds = most == 24 * 60 ? "\"00:00\" to \"24:00\"" : "\"00:00\" to \"23:59\""
            throw Diagnostic(
                "\(text.quoted) is not a time of day", hint: "write it as HH:MM, \(bounds)")
        }
        return minutes
    }
}

extension DeliveryWindow {
    /// Whether a mailing may be delivered at a moment.
    func isOpen(at time: Timestamp, in zone: TimeZoneRules) -> Bool {
        let wall = wallMilliseconds(time, zone)
        return opening(notEndedAt: wall).from <= wall
    }

    /// The first moment at or after one at which the window is open.
    ///
    /// Nil only if the clocks of the zone skip it for decades on end.
    package func nextOpening(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        firstMoment(after: time, in: zone) { wall in max(wall, opening(notEndedAt: wall).from) }
    }

    /// The first moment at or after one at which the window is closed, or nil if it never closes.
    package func closes(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        guard !isAlwaysOpen else { return nil }
        return firstMoment(after: time, in: zone) { wall in
            var wall = wall
            // One day's opening may begin where the last ends; seven such in a row were always open.
            for _ in 0..<8 {
                let current = opening(notEndedAt: wall)
                if current.from > wall { break }
                wall = current.until
            }
            return wall
        }
    }

    private var isAlwaysOpen: Bool { until - from == 86_400_000 && !opens.contains(false) }

    /// Follows the clocks from one change to the next until they show what is looked for.
    private func firstMoment(
        after time: Timestamp, in zone: TimeZoneRules, search: (_ wall: Int64) -> Int64
    ) -> Timestamp? {
        var time = time
        for _ in 0..<64 {
            let wall = wallMilliseconds(time, zone)
            let found = time + Interval(milliseconds: search(wall) - wall)
            guard let change = zone.nextChange(afterSecond: time.seconds) else { return found }
            let next = Timestamp(seconds: change)
            if found < next { return found }
            time = next
        }
        return nil
    }

    private func wallMilliseconds(_ time: Timestamp, _ zone: TimeZoneRules) -> Int64 {
        time.milliseconds + zone.offset(atSecond: time.seconds) * 1000
    }

    /// The opening that is under way on the wall, or else the next one.
    private func opening(notEndedAt wall: Int64) -> (from: Int64, until: Int64) {
        let today = floorDivision(wall, 86_400_000)
        for day in today - 1...today + 7 where opens[CivilDate.weekday(daysSince1970: day)] {
            let midnight = day * 86_400_000
            if wall < midnight + until { return (midnight + from, midnight + until) }
        }
        // Not reached: a window opens on one day of seven at least, and nine were looked at.
        return (wall, wall)
    }
}
