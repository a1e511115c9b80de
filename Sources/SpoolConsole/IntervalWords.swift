package import SpoolSchedule

extension Interval {
    /// For people: "1 h 40 min", in the two largest units that count.
    package var inWords: String {
        let seconds = max(0, seconds)
        if seconds < 1 { return "less than a second" }
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"),
            (seconds % 60, "s"),
        ].drop { $0.0 == 0 }
        return parts.prefix(2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
