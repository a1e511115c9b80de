internal import SpoolSchedule

/// Times as people read them, on the spool's own clock.
struct PageClock {
    let zone: TimeZoneRules
    let now: Timestamp

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func day(_ local: LocalDateTime) -> String { "\(local.day) \(PageClock.months[local.month - 1])" }

    private func minute(_ local: LocalDateTime) -> String { "\(two(local.hour)):\(two(local.minute))" }

    /// "19:00", "19:00:05"; at midnight or from day to day "24 Nov".
    func tick(_ time: Timestamp, step: Int64) -> String {
        let local = zone.localDateTime(at: time)
        if step >= 86_400 || (local.hour == 0 && local.minute == 0 && local.second == 0) { return day(local) }
        return minute(local) + (step < 60 ? ":\(two(local.second))" : "")
    }

    /// "24 Nov 19:00", with the year where it is another one.
    func moment(_ time: Timestamp) -> String {
        let local = zone.localDateTime(at: time)
        let year = local.year == zone.localDateTime(at: now).year ? "" : " \(local.year)"
        return "\(day(local))\(year) \(minute(local))"
    }

    /// "Tue 24 Nov 2026, 19:00:05".
    func fullMoment(_ time: Timestamp) -> String {
        let local = zone.localDateTime(at: time)
        let weekday = local.weekday.rawValue.prefix(1).uppercased() + local.weekday.rawValue.dropFirst()
        return "\(weekday) \(day(local)) \(local.year), \(minute(local)):\(two(local.second))"
    }

    /// A stretch of time on one day: "24 Nov 19:00–19:10", to the second where it is short.
    func span(from start: Timestamp, to end: Timestamp) -> String {
        let (first, last) = (zone.localDateTime(at: start), zone.localDateTime(at: end))
        let isShort = end - start < .minutes(1)
        func clock(_ local: LocalDateTime) -> String {
            minute(local) + (isShort ? ":\(two(local.second))" : "")
        }
        let isSameDay = (first.year, first.month, first.day) == (last.year, last.month, last.day)
        return "\(day(first)) \(clock(first))–\(isSameDay ? "" : day(last) + " ")\(clock(last))"
    }

    /// A moment with its exact value for programs.
    func element(_ time: Timestamp) -> HTML {
        "<time datetime=\"\(time.rfc3339)\" title=\"\(fullMoment(time))\">\(moment(time))</time>"
    }

    /// "UTC", "UTC+1", "UTC+5:30".
    var zoneName: String {
        let minutes = zone.utcOffset(at: now) / 60
        if minutes == 0 { return "UTC" }
        let size = abs(minutes)
        return "UTC\(minutes < 0 ? "−" : "+")\(size / 60)" + (size % 60 == 0 ? "" : ":\(two(size % 60))")
    }
}

/// Numbers as people read them.
enum PageNumber {
    /// "1,234,567".
    static func text(_ number: Int) -> String {
        let digits = String(abs(number))
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return (number < 0 ? "−" : "") + grouped
    }

    /// With its exact value for programs.
    static func element(_ number: Int) -> HTML { "<data value=\"\(number)\">\(text(number))</data>" }

    /// "12 %", "0.4 %"; never "0 %" or "100 %" unless it is.
    static func percent(_ part: Int, of whole: Int) -> String {
        if whole == 0 || part == 0 { return "0 %" }
        if part == whole { return "100 %" }
        let tenths = part * 1000 / whole
        if tenths == 0 { return "< 0.1 %" }
        if tenths < 100 { return "\(tenths / 10).\(tenths % 10) %" }
        return "\(tenths / 10) %"
    }

    /// "1 message", "2 messages".
    static func counted(_ number: Int, _ one: String, _ many: String) -> String {
        "\(text(number)) \(number == 1 ? one : many)"
    }
}
