package import SpoolSchedule

/// Times as people say them, seen from one moment in one time zone.
package struct HumanTime: Sendable {
    package let now: Timestamp
    package let zone: TimeZoneRules

    package init(now: Timestamp, zone: TimeZoneRules) {
        self.now = now
        self.zone = zone
    }

    private func local(_ time: Timestamp) -> LocalDateTime { zone.localDateTime(at: time) }

    /// How many days of the calendar a time is away; negative if they are over.
    private func days(to time: LocalDateTime) -> Int64 { time.dayNumber - local(now).dayNumber }

    /// "today 19:00", "yesterday 19:00"; nil if it is neither of these, nor tomorrow.
    private func near(_ time: LocalDateTime) -> String? {
        switch days(to: time) {
        case 0: "today \(time.clock)"
        case -1: "yesterday \(time.clock)"
        case 1: "tomorrow \(time.clock)"
        default: nil
        }
    }

    /// "today 19:00", "yesterday 19:00", "Mon 19:00", "24 Nov 19:00", "24 Nov 2025".
    package func day(_ time: Timestamp) -> String {
        let then = local(time)
        if let near = near(then) { return near }
        if (-6...6).contains(days(to: then)) { return "\(then.weekday.name) \(then.clock)" }
        return then.year == local(now).year
            ? "\(then.dayAndMonth) \(then.clock)" : "\(then.dayAndMonth) \(then.year)"
    }

    /// For who looks it up in a calendar: "today 19:00", "tomorrow 07:00", "Sat 28 Nov 19:00".
    package func calendarDay(_ time: Timestamp) -> String {
        let then = local(time)
        return near(then) ?? "\(then.weekday.name) \(date(time))"
    }

    /// Never by today: "24 Nov 19:00", with the year where it is another one.
    package func date(_ time: Timestamp) -> String {
        let then = local(time)
        let year = then.year == local(now).year ? "" : " \(then.year)"
        return "\(then.dayAndMonth)\(year) \(then.clock)"
    }

    /// ``day(_:)`` in at most nine cells: "19:00", "Mon 19:00", "24 Nov", "Nov 2025".
    package func brief(_ time: Timestamp) -> String {
        let then = local(time)
        switch days(to: then) {
        case 0: return then.clock
        case -6...6: return "\(then.weekday.name) \(then.clock)"
        default: return then.year == local(now).year ? then.dayAndMonth : "\(then.monthName) \(then.year)"
        }
    }

    /// "in 3 h 12 min", "12 min ago", "now".
    package func relative(_ time: Timestamp, _ detail: LengthDetail = .twoUnits) -> String {
        let seconds = (time - now).seconds
        if seconds == 0 { return "now" }
        var size = abs(seconds)
        // Nobody counts the seconds of what is minutes away.
        if detail == .twoUnits, size >= 60 { size -= size % 60 }
        let length = HumanTime.length(size, detail)
        return seconds > 0 ? "in \(length)" : "\(length) ago"
    }

    /// Both, where the second says more: "today 19:00, in 3 h 12 min", "yesterday 19:00".
    package func full(_ time: Timestamp) -> String {
        let distance = abs((time - now).seconds)
        let isNear = time > now ? distance < 7 * 86_400 : distance < 12 * 3600
        return isNear ? "\(day(time)), \(relative(time))" : day(time)
    }

    /// To the second: "24 Nov 2026 19:00:07".
    package func exact(_ time: Timestamp) -> String {
        let then = local(time)
        return "\(then.dayAndMonth) \(then.year) \(then.clockWithSeconds)"
    }

    /// "Tue 24 Nov 2026 19:00:07".
    package func exactWithWeekday(_ time: Timestamp) -> String {
        "\(local(time).weekday.name) \(exact(time))"
    }

    /// For who compares it with a document: "2026-11-24 19:00 +01:00".
    package func withOffset(_ time: Timestamp) -> String {
        let then = local(time)
        let clock = then.second == 0 ? then.clock : then.clockWithSeconds
        let minutes = zone.utcOffset(at: time) / 60
        let offset = "\(twoDigits(abs(minutes) / 60)):\(twoDigits(abs(minutes) % 60))"
        return "\(then.year)-\(twoDigits(then.month))-\(twoDigits(then.day)) \(clock) "
            + (minutes < 0 ? "-" : "+") + offset
    }

    /// "UTC", "UTC+1", "UTC+5:30".
    package var zoneName: String {
        let minutes = zone.utcOffset(at: now) / 60
        if minutes == 0 { return "UTC" }
        let size = abs(minutes)
        return "UTC\(minutes < 0 ? "−" : "+")\(size / 60)"
            + (size % 60 == 0 ? "" : ":\(twoDigits(size % 60))")
    }
}

// MARK: Charts

extension HumanTime {
    /// A tick of an axis: "19:00", "19:00:05"; at midnight or from day to day "24 Nov".
    ///
    /// - Parameter step: seconds from one tick to the next.
    package func tick(_ time: Timestamp, step: Int64) -> String {
        let then = local(time)
        if step >= 86_400 || floorRemainder(then.wallSeconds, 86_400) == 0 { return then.dayAndMonth }
        return step < 60 ? then.clockWithSeconds : then.clock
    }

    /// A stretch of time: "24 Nov 19:00–19:10", to the second where it is short.
    package func span(from start: Timestamp, to end: Timestamp) -> String {
        let (first, last) = (local(start), local(end))
        let clock = end - start < .minutes(1) ? \LocalDateTime.clockWithSeconds : \.clock
        let lastDay = first.dayNumber == last.dayNumber ? "" : last.dayAndMonth + " "
        return "\(first.dayAndMonth) \(first[keyPath: clock])–\(lastDay)\(last[keyPath: clock])"
    }
}
