package import SpoolSchedule

/// Times and lengths of time as people say them, seen from one moment in one time zone.
package struct HumanTime: Sendable {
    package let now: Timestamp
    package let zone: TimeZoneRules

    package init(now: Timestamp, zone: TimeZoneRules) {
        self.now = now
        self.zone = zone
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// "today 19:00", "yesterday 19:00", "Mon 19:00", "24 Nov 19:00", "24 Nov 2025".
    package func day(_ time: Timestamp) -> String {
        let then = zone.localDateTime(at: time)
        let here = zone.localDateTime(at: now)
        let days = HumanTime.dayNumber(then) - HumanTime.dayNumber(here)
        let clock = "\(HumanTime.two(then.hour)):\(HumanTime.two(then.minute))"
        switch days {
        case 0: return "today \(clock)"
        case -1: return "yesterday \(clock)"
        case 1: return "tomorrow \(clock)"
        case -6...6: return "\(HumanTime.name(then.weekday)) \(clock)"
        default:
            let date = "\(then.day) \(HumanTime.months[then.month - 1])"
            return then.year == here.year ? "\(date) \(clock)" : "\(date) \(then.year)"
        }
    }

    /// The same in at most nine cells: "19:00", "Mon 19:00", "24 Nov", "Nov 2025".
    package func brief(_ time: Timestamp) -> String {
        let then = zone.localDateTime(at: time)
        let here = zone.localDateTime(at: now)
        let clock = "\(HumanTime.two(then.hour)):\(HumanTime.two(then.minute))"
        switch HumanTime.dayNumber(then) - HumanTime.dayNumber(here) {
        case 0: return clock
        case -6...6: return "\(HumanTime.name(then.weekday)) \(clock)"
        default:
            let month = HumanTime.months[then.month - 1]
            return then.year == here.year ? "\(then.day) \(month)" : "\(month) \(then.year)"
        }
    }

    /// "in 3 h 12 min", "12 min ago", "now".
    package func relative(_ time: Timestamp) -> String {
        let seconds = (time - now).seconds
        if abs(seconds) < 1 { return "now" }
        // Nobody counts the seconds of what is minutes away.
        let whole = abs(seconds) < 60 ? abs(seconds) : abs(seconds) / 60 * 60
        return seconds > 0 ? "in \(HumanTime.length(whole))" : "\(HumanTime.length(whole)) ago"
    }

    /// Both, where the second says more: "today 19:00, in 3 h 12 min", "yesterday 19:00".
    package func full(_ time: Timestamp) -> String {
        let distance = abs((time - now).seconds)
        let isNear = time > now ? distance < 7 * 86_400 : distance < 12 * 3600
        return isNear ? "\(day(time)), \(relative(time))" : day(time)
    }

    /// To the second: "24 Nov 2026 19:00:07".
    package func exact(_ time: Timestamp) -> String {
        let then = zone.localDateTime(at: time)
        let clock = [then.hour, then.minute, then.second].map(HumanTime.two).joined(separator: ":")
        return "\(then.day) \(HumanTime.months[then.month - 1]) \(then.year) \(clock)"
    }

    /// "45 s", "12 min", "3 h 12 min", "2 d 4 h"; the two largest units are enough.
    package static func length(_ seconds: Int64) -> String {
        func both(_ large: Int64, _ unit: String, _ small: Int64, _ smaller: String) -> String {
            small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smaller)"
        }
        let seconds = max(0, seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<600: return both(seconds / 60, "min", seconds % 60, "s")
        case ..<3600: return "\(seconds / 60) min"
        case ..<86_400: return both(seconds / 3600, "h", seconds / 60 % 60, "min")
        case ..<(100 * 86_400): return both(seconds / 86_400, "d", seconds / 3600 % 24, "h")
        default: return "\(seconds / 86_400) d"
        }
    }

    /// The largest unit alone: "45 s", "3 h".
    package static func briefLength(_ seconds: Int64) -> String {
        switch max(0, seconds) {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    private static func dayNumber(_ time: LocalDateTime) -> Int64 { floorDivision(time.wallSeconds, 86_400) }

    private static func name(_ day: Weekday) -> String {
        day.rawValue.prefix(1).uppercased() + day.rawValue.dropFirst()
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
