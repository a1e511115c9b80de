/// A time zone as the TZ variable of POSIX writes it, the footer of a time zone file.
///
/// Two offsets at most, and two days a year on which they take turns (RFC 8536 section 3.3, with the
/// hours from -167 to 167 of section 3.3.1).
struct RecurringZone: Equatable, Sendable {
    /// The offsets are in seconds east, unlike in the text, where west is positive.
    let standard: Int64
    let summer: Summer?

    struct Summer: Equatable, Sendable {
        let offset: Int64
        let begins: YearlyMoment
        let ends: YearlyMoment
    }

    /// A moment that comes once a year.
    struct YearlyMoment: Equatable, Sendable {
        let day: Day
        /// Seconds after midnight at the beginning of the day, by the clock that runs until then.
        let time: Int64

        enum Day: Equatable, Sendable {
            /// 1 to 365; February 29 is never counted.
            case withoutLeapDay(Int64)
            /// 0 to 365; February 29 is counted.
            case withLeapDay(Int64)
            /// The week is 1 to 5, the last being 5; the weekday 0 is Sunday.
            case weekday(month: Int64, week: Int64, weekday: Int64)
        }

        /// Seconds since 1970 on the wall.
        func wallSeconds(in year: Int64) -> Int64 {
            let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
            let date: Int64
            switch day {
            case .withoutLeapDay(let number):
                date = newYear + number - 1 + (CivilDate.isLeap(year) && number >= 60 ? 1 : 0)
            case .withLeapDay(let number):
                date = newYear + number
            case .weekday(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1).daysSince1970
                let firstWeekday = Int64(CivilDate.weekday(daysSince1970: first) + 1) % 7
                var dayOfMonth = 1 + floorRemainder(weekday - firstWeekday, 7) + (week - 1) * 7
                if dayOfMonth > CivilDate.daysIn(month: month, of: year) { dayOfMonth -= 7 }
                date = first + dayOfMonth - 1
            }
            return date * 86_400 + time
        }
    }

    func offset(atSecond second: Int64) -> Int64 {
        guard let summer else { return standard }
        return changes(around: second, summer).last { $0.at <= second }?.offset ?? standard
    }

    func nextChange(afterSecond second: Int64) -> Int64? {
        guard let summer else { return nil }
        return changes(around: second, summer).first { $0.at > second }?.at
    }

    /// The changes of the year of a moment and its neighbours, ascending.
    ///
    /// Where one year's summer ends at the moment at which the next begins, summer lasts all year: the
    /// beginning comes later in the list and prevails.
    private func changes(around second: Int64, _ summer: Summer) -> [(at: Int64, offset: Int64)] {
        let year = CivilDate(daysSince1970: floorDivision(second, 86_400)).year
        var list: [(at: Int64, offset: Int64)] = []
        for year in year - 1...year + 1 {
            list.append((summer.ends.wallSeconds(in: year) - summer.offset, standard))
            list.append((summer.begins.wallSeconds(in: year) - standard, summer.offset))
        }
        let summerOffset = summer.offset
        list.sort { $0.at != $1.at ? $0.at < $1.at : $0.offset != summerOffset && $1.offset == summerOffset }
        return list
    }
}

extension RecurringZone {
    /// Reads the text, or gives nil.
    init?(_ text: some Collection<UInt8>) {
        var scanner = ZoneTextScanner(bytes: Array(text))
        guard scanner.skipName(), let standardWest = scanner.time(mostHours: 24) else { return nil }
        standard = -standardWest
        guard !scanner.isAtEnd else {
            summer = nil
            return
        }
        guard scanner.skipName() else { return nil }
        var offset = standard + 3600
        if scanner.upcoming != UInt8(ascii: ",") {
            guard let west = scanner.time(mostHours: 24) else { return nil }
            offset = -west
        }
        guard scanner.skip(UInt8(ascii: ",")), let begins = scanner.yearlyMoment(),
            scanner.skip(UInt8(ascii: ",")), let ends = scanner.yearlyMoment(), scanner.isAtEnd
        else { return nil }
        summer = Summer(offset: offset, begins: begins, ends: ends)
    }
}

private struct ZoneTextScanner {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }
    var upcoming: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard upcoming == byte else { return false }
        position += 1
        return true
    }

    /// `CET`, or `<+0330>`.
    mutating func skipName() -> Bool {
        let start = position
        if skip(UInt8(ascii: "<")) {
            while let byte = upcoming, byte != UInt8(ascii: ">") { position += 1 }
            return skip(UInt8(ascii: ">")) && position - start >= 5
        }
        while let byte = upcoming, (byte | 0x20) >= UInt8(ascii: "a"), (byte | 0x20) <= UInt8(ascii: "z") {
            position += 1
        }
        return position - start >= 3
    }

    mutating func number(most: Int64) -> Int64? {
        var value: Int64 = 0
        let start = position
        while let byte = upcoming, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), position - start < 3
        {
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            position += 1
        }
        return position > start && value <= most ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(mostHours: Int64) -> Int64? {
        let isNegative = upcoming == UInt8(ascii: "-")
        if isNegative || upcoming == UInt8(ascii: "+") { position += 1 }
        guard let hours = number(most: mostHours) else { return nil }
        var seconds = hours * 3600
        for unit: Int64 in [60, 1] {
            guard skip(UInt8(ascii: ":")) else { break }
            guard let value = number(most: 59) else { return nil }
            seconds += value * unit
        }
        return isNegative ? -seconds : seconds
    }

    mutating func yearlyMoment() -> RecurringZone.YearlyMoment? {
        guard let day = day() else { return nil }
        guard skip(UInt8(ascii: "/")) else { return RecurringZone.YearlyMoment(day: day, time: 7200) }
        guard let time = time(mostHours: 167) else { return nil }
        return RecurringZone.YearlyMoment(day: day, time: time)
    }

    private mutating func day() -> RecurringZone.YearlyMoment.Day? {
        if skip(UInt8(ascii: "J")) {
            guard let number = number(most: 365), number >= 1 else { return nil }
            return .withoutLeapDay(number)
        }
        guard skip(UInt8(ascii: "M")) else { return number(most: 365).map { .withLeapDay($0) } }
        guard let month = number(most: 12), month >= 1, skip(UInt8(ascii: ".")),
            let week = number(most: 5), week >= 1, skip(UInt8(ascii: ".")),
            let weekday = number(most: 6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
