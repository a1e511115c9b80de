internal import SpoolText

/// A date and time as people write it, taken apart generously, so that the hint beside what cannot be read is the
/// nearest form that can.
struct LooseTime {
    private enum Token: Equatable {
        case number(Int64, digits: Int)
        case word(String)
        case mark(UInt8)
        case blank
    }

    private var tokens: [Token]
    private var date: (year: Int64, month: Int64, day: Int64)?
    private var clock: (hour: Int64, minute: Int64, second: Int64?)?
    private var offset = ""
    /// The words that are no part of the date: `Europe/Berlin`, `CET`.
    private var zone: String?
    private let isNow: Bool

    init(_ text: String) {
        tokens = text.utf8.count <= 100 ? LooseTime.tokens(text) : []
        isNow = tokens.filter { $0 != .blank } == [.word("now")]
        takeClock()
        takeDate()
        takeZone()
    }

    /// What is said of the text that this was read from.
    func diagnostic(of text: String) -> Diagnostic {
        let what = "\(text.quoted) cannot be read as a time"
        return Diagnostic(
            fault.map { "\(what): \($0)" } ?? what,
            hint: nearest(text)
                ?? "write \"now\", \"2026-11-24T19:00\" in the mailing's time zone, or "
                + "\"2026-11-24T19:00:00+01:00\"")
    }

    /// The form that can be read and is nearest; nil where it cannot be told.
    private func nearest(_ text: String) -> String? {
        if isNow { return "write \"now\"" }
        guard fault == nil else { return nil }
        if let date, let clock {
            let time = LooseTime.text(date) + "T" + LooseTime.text(clock) + offset
            // Before 1970 somewhere else.
            if time == text { return nil }
            guard let zone else { return "write \"\(time)\"" }
            return zone.contains("/")
                ? "write \"\(time)\", and \"timeZone\": \"\(zone)\" beside it"
                : "write \"\(time)\", and its zone as in \"timeZone\": \"Europe/Stockholm\", "
                    + "or its offset as in \"2026-11-24T19:00+01:00\""
        }
        if let date { return "write the time of day too: \"\(LooseTime.text(date))T09:00\"" }
        guard let clock, !hasNumbersLeft else { return nil }
        return "write the day too: \"2026-11-24T\(LooseTime.text(clock))\""
    }

    /// Whether there is a day that was not understood: 03/04/2026 is one in March or one in April.
    private var hasNumbersLeft: Bool {
        tokens.contains { if case .number = $0 { true } else { false } }
    }

    /// What no calendar or clock has.
    private var fault: String? {
        if let date {
            if !(1...12).contains(date.month) { return "there is no month \(date.month)" }
            let days = CivilDate.daysIn(month: date.month, of: date.year)
            let month = "\(date.year)-\(twoDigits(Int(date.month)))"
            if !(1...days).contains(date.day) { return "\(month) has \(days) days" }
            if date.year < 1970 { return "it lies before 1970" }
        }
        guard let clock else { return nil }
        if clock.hour > 23 { return "hours are 00 to 23" }
        if clock.minute > 59 || (clock.second ?? 0) > 59 { return "minutes and seconds are 00 to 59" }
        return nil
    }

    private static func text(_ date: (year: Int64, month: Int64, day: Int64)) -> String {
        "\(date.year)-\(twoDigits(Int(date.month)))-\(twoDigits(Int(date.day)))"
    }

    private static func text(_ clock: (hour: Int64, minute: Int64, second: Int64?)) -> String {
        "\(twoDigits(Int(clock.hour))):\(twoDigits(Int(clock.minute)))"
            + (clock.second.map { ":\(twoDigits(Int($0)))" } ?? "")
    }

    // MARK: Reading

    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        for byte in Array(text.utf8) + [UInt8(ascii: " ")] {
            let isJoining = byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_")
            if byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                || isJoining && !word.isEmpty || byte >= 0x80
            {
                word.append(Character(Unicode.Scalar(byte)))
                continue
            }
            if !word.isEmpty {
                // The T between date and time stands for a blank.
                tokens.append(
                    word.lowercased() == "t" ? .blank : .word(word.contains("/") ? word : word.lowercased()))
                word = ""
            }
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 {
                tokens.append(byte <= 0x20 || byte == UInt8(ascii: ",") ? .blank : .mark(byte))
            } else if case .number(let value, let digits)? = tokens.last, digits < 9 {
                tokens[tokens.count - 1] = .number(value * 10 + Int64(digit), digits: digits + 1)
            } else {
                tokens.append(.number(Int64(digit), digits: 1))
            }
        }
        return tokens
    }

    private func number(_ index: Int, digits: ClosedRange<Int>) -> Int64? {
        guard tokens.indices.contains(index), case .number(let value, let count) = tokens[index],
            digits.contains(count)
        else { return nil }
        return value
    }

    private func isMark(_ index: Int, _ mark: Character) -> Bool {
        tokens.indices.contains(index) && tokens[index] == .mark(mark.asciiValue ?? 0)
    }

    private func word(_ index: Int) -> String? {
        guard tokens.indices.contains(index), case .word(let word) = tokens[index] else { return nil }
        return word
    }

    /// Takes out `19:00`, `19:00:30.5`, `7 pm`, `7:30pm`, `19 Uhr`, and the offset behind it.
    private mutating func takeClock() {
        for start in tokens.indices {
            guard var hour = number(start, digits: 1...2) else { continue }
            var end = start + 1
            var minute: Int64?
            var second: Int64?
            if isMark(end, ":"), let found = number(end + 1, digits: 2...2) {
                (minute, end) = (found, end + 2)
                if isMark(end, ":"), let found = number(end + 1, digits: 2...2) {
                    (second, end) = (found, end + 2)
                    if isMark(end, "."), number(end + 1, digits: 1...9) != nil { end += 2 }
                }
            }
            let behind = tokens.indices.contains(end) && tokens[end] == .blank ? end + 1 : end
            if let word = word(behind), ["am", "pm", "uhr", "h"].contains(word) {
                if word == "pm", hour < 12 { hour += 12 } else if word == "am", hour == 12 { hour = 0 }
                end = behind + 1
            } else if minute == nil {
                continue
            }
            clock = (hour, minute ?? 0, second)
            tokens.removeSubrange(start..<end)
            takeOffset(start)
            return
        }
    }

    /// Takes out `Z`, `UTC`, `+01:00`, `+0100` or `+1`, which stand behind the time.
    private mutating func takeOffset(_ start: Int) {
        let first = tokens.indices.contains(start) && tokens[start] == .blank ? start + 1 : start
        if let word = word(first), ["z", "utc", "gmt"].contains(word) {
            offset = "Z"
            tokens.remove(at: first)
            return
        }
        guard isMark(first, "+") || isMark(first, "-"), var hours = number(first + 1, digits: 1...4) else {
            return
        }
        var minutes: Int64 = 0
        var end = first + 2
        if hours >= 100 {
            (hours, minutes) = (hours / 100, hours % 100)
        } else if isMark(end, ":"), let found = number(end + 1, digits: 2...2) {
            (minutes, end) = (found, end + 2)
        }
        guard hours <= 23, minutes <= 59 else { return }
        offset = (isMark(first, "-") ? "-" : "+") + "\(twoDigits(Int(hours))):\(twoDigits(Int(minutes)))"
        tokens.removeSubrange(first..<end)
    }

    /// Takes out the day: year first or last, the month by its number or its English name.
    private mutating func takeDate() {
        var parts: [(value: Int64, digits: Int, isName: Bool)] = []
        var separator: UInt8 = 0
        for token in tokens {
            switch token {
            case .number(let value, let digits): parts.append((value, digits, false))
            case .word(let word):
                if let month = LooseTime.month(word) { parts.append((month, 2, true)) }
            case .mark(let mark): separator = mark
            case .blank: break
            }
        }
        if parts.count == 4, clock == nil, parts[0].digits == 4, parts[3].digits <= 2 {
            clock = (parts.removeLast().value, 0, nil)
        }
        guard parts.count == 3 else { return }
        if parts[0].digits == 4 {
            date = (parts[0].value, parts[1].value, parts[2].value)
        } else if parts[2].digits == 4 {
            var (day, month) = (parts[0], parts[1])
            // Written with slashes the month may come first; where both could be meant nobody guesses.
            let isAmerican = separator == UInt8(ascii: "/") && month.value > 12
            if day.isName || isAmerican { swap(&day, &month) }
            let isAmbiguous = separator == UInt8(ascii: "/") && !day.isName && day.value <= 12
            if !isAmbiguous { date = (parts[2].value, month.value, day.value) }
        }
        if date != nil {
            tokens.removeAll { token in
                if case .word(let word) = token { return LooseTime.month(word) != nil }
                return true
            }
        }
    }

    private static func month(_ word: String) -> Int64? {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard word.utf8.count >= 3, !word.contains("/") else { return nil }
        return names.firstIndex { word.hasPrefix($0) }.map { Int64($0) + 1 }
    }

    private mutating func takeZone() {
        let days = Weekday.allCases.map(\.rawValue)
        for case .word(let word) in tokens where offset.isEmpty {
            let isName = TimeZoneRules.isSafeName(word) && word.utf8.count > 2
            if isName, !days.contains(String(word.prefix(3))) { zone = word }
        }
    }
}
