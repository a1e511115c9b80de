internal import SpoolSchedule

/// Numbers and times as people say them.
enum People {
    /// `1 link`, `12 links`, `1,000 links`.
    static func count(_ count: Int, _ one: String, _ many: String) -> String {
        count == 1 ? "1 \(one)" : "\(number(count)) \(many)"
    }

    /// `1,000,000`
    static func number(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text = "," + text }
            text = String(digit) + text
        }
        return (value < 0 ? "-" : "") + text
    }

    /// Bytes: `812 bytes`, `4.2 MB`.
    static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return count(bytes, "byte", "bytes") }
        for (unit, size) in [("kB", 1_000), ("MB", 1_000_000)] where bytes < size * 1000 - size / 2 {
            return "\(tenths(bytes, of: size)) \(unit)"
        }
        return "\(tenths(bytes, of: 1_000_000_000)) GB"
    }

    private static func tenths(_ bytes: Int, of size: Int) -> String {
        let tenths = (bytes * 10 + size / 2) / size
        return tenths >= 100 || tenths % 10 == 0
            ? number((bytes + size / 2) / size) : "\(tenths / 10).\(tenths % 10)"
    }

    /// A length of time in its two largest units: `45 s`, `3 h 12 min`, `2 days 4 h`.
    static func duration(seconds: Int64) -> String {
        let seconds = max(0, seconds)
        if seconds < 60 { return "\(seconds) s" }
        let minutes = (seconds + 30) / 60
        if minutes < 60 { return "\(minutes) min" }
        if minutes < 1440 {
            return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
        }
        let hours = (seconds + 1800) / 3600
        let days = count(Int(hours / 24), "day", "days")
        return hours % 24 == 0 || hours >= 24 * 14 ? days : "\(days) \(hours % 24) h"
    }

    /// A moment beside another one: `in 3 h 12 min`, `2 days ago`, `now`.
    static func distance(from now: Timestamp, to time: Timestamp) -> String {
        let seconds = (time - now).seconds
        if seconds == 0 { return "now" }
        return seconds > 0 ? "in \(duration(seconds: seconds))" : "\(duration(seconds: -seconds)) ago"
    }

    /// A moment as a clock of a zone shows it: `today 19:00`, `tomorrow 07:00`, `Sat 28 Nov 19:00`.
    static func moment(_ time: Timestamp, now: Timestamp, zone: TimeZoneRules) -> String {
        let local = zone.localDateTime(at: time)
        let clock = "\(two(local.hour)):\(two(local.minute))"
        let today = zone.localDateTime(at: now)
        switch day(of: local) - day(of: today) {
        case 0: return "today \(clock)"
        case 1: return "tomorrow \(clock)"
        case -1: return "yesterday \(clock)"
        default:
            let weekday = local.weekday.rawValue.prefix(1).uppercased() + local.weekday.rawValue.dropFirst()
            let year = local.year == today.year ? "" : " \(local.year)"
            return "\(weekday) \(local.day) \(months[local.month - 1])\(year) \(clock)"
        }
    }

    /// `2026-11-24 19:00 +01:00`
    static func absolute(_ time: Timestamp, zone: TimeZoneRules) -> String {
        let local = zone.localDateTime(at: time)
        let minutes = zone.utcOffset(at: time) / 60
        let sign = minutes < 0 ? "-" : "+"
        let offset = "\(sign)\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
        let seconds = local.second == 0 ? "" : ":\(two(local.second))"
        return "\(local.year)-\(two(local.month))-\(two(local.day)) "
            + "\(two(local.hour)):\(two(local.minute))\(seconds) \(offset)"
    }

    private static func day(of local: LocalDateTime) -> Int64 {
        CivilDate(year: Int64(local.year), month: Int64(local.month), day: Int64(local.day)).daysSince1970
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
