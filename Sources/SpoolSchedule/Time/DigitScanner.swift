/// Reads dates and times of a fixed form, byte by byte, without allocating.
struct DigitScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The byte that comes next.
    var upcoming: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard upcoming == byte else { return false }
        position += 1
        return true
    }

    mutating func number(digits: Int) -> Int64? {
        guard bytes.count - position >= digits else { return nil }
        var value: Int64 = 0
        for place in position..<position + digits {
            let digit = bytes[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        position += digits
        return value
    }

    /// Reads `2026-11-24T19:00:30`, or without the seconds where they are not required.
    ///
    /// `seconds` counts from 1970 on the same wall; the leap second counts as the one before it.
    mutating func localDateTime(secondsRequired: Bool) -> (seconds: Int64, isLeapSecond: Bool)? {
        guard let year = number(digits: 4), skip(UInt8(ascii: "-")),
            let month = number(digits: 2), skip(UInt8(ascii: "-")),
            let day = number(digits: 2), skip(UInt8(ascii: "T")) || skip(UInt8(ascii: "t")),
            let hour = number(digits: 2), skip(UInt8(ascii: ":")),
            let minute = number(digits: 2)
        else { return nil }
        var second: Int64 = 0
        if skip(UInt8(ascii: ":")) {
            guard let given = number(digits: 2) else { return nil }
            second = given
        } else if secondsRequired {
            return nil
        }
        guard month >= 1, month <= 12, day >= 1, day <= CivilDate.daysIn(month: month, of: year),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        return (days * 86_400 + hour * 3600 + minute * 60 + min(second, 59), second == 60)
    }

    /// Reads a fraction of a second if there is one, in milliseconds; nil for a point without a digit.
    mutating func fraction() -> Int64? {
        guard skip(UInt8(ascii: ".")) else { return 0 }
        var value: Int64 = 0
        var unit: Int64 = 100
        guard let first = number(digits: 1) else { return nil }
        value = first * unit
        while let digit = number(digits: 1) {
            unit /= 10
            value += digit * unit
        }
        return value
    }

    /// Reads `Z` or `+01:00`, in seconds east of Greenwich.
    mutating func utcOffset() -> Int64? {
        if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return 0 }
        let isWest = upcoming == UInt8(ascii: "-")
        guard skip(UInt8(ascii: "-")) || skip(UInt8(ascii: "+")),
            let hours = number(digits: 2), skip(UInt8(ascii: ":")),
            let minutes = number(digits: 2), hours <= 23, minutes <= 59
        else { return nil }
        let offset = hours * 3600 + minutes * 60
        return isWest ? -offset : offset
    }
}
