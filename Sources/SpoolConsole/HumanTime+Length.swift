extension HumanTime {
    /// How exactly a length of time is said.
    package enum LengthDetail: Sendable {
        /// In its two largest units, cut: "12 min", "3 h 12 min", "2 d 4 h".
        case twoUnits
        /// In the largest one, cut: "3 h".
        case oneUnit
        /// As somebody says it who plans, rounded to the minute or the hour: "3 h 12 min", "2 days 4 h".
        case rounded
    }

    private static let units: [(size: Int64, name: String)] = [
        (86_400, "d"), (3600, "h"), (60, "min"), (1, "s"),
    ]

    /// A length of time, as 0 if it is negative: "45 s", "9 min 30 s", "12 min", "3 h 12 min", "2 d 4 h".
    package static func length(_ seconds: some BinaryInteger, _ detail: LengthDetail = .twoUnits) -> String {
        var seconds = max(0, Int64(clamping: seconds))
        if detail == .rounded, seconds >= 60 {
            let minutes = (seconds + 30) / 60
            seconds = minutes < 1440 ? minutes * 60 : (seconds + 1800) / 3600 * 3600
        }
        let index = units.firstIndex { seconds >= $0.size } ?? units.count - 1
        let unit = units[index]
        let count = seconds / unit.size
        var text = "\(count) \(unit.name)"
        if detail == .rounded, index == 0 { text = count == 1 ? "1 day" : "\(count) days" }
        guard index + 1 < units.count, detail != .oneUnit else { return text }
        let smaller = units[index + 1]
        let rest = seconds % unit.size / smaller.size
        // Beside so many of the larger unit nobody cares for the smaller.
        let isMany =
            switch index {
            case 0: count >= (detail == .rounded ? 14 : 100)
            case 2: count >= 10
            default: false
            }
        return rest == 0 || isMany ? text : "\(text) \(rest) \(smaller.name)"
    }
}
