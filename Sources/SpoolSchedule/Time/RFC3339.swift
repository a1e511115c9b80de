extension Timestamp {
    /// The moment in UTC to the second, such as `2026-11-23T19:00:00Z`; fractions are cut.
    package var rfc3339: String { text(milliseconds: false) }

    /// The moment in UTC to the millisecond, such as `2026-11-23T19:00:00.123Z`.
    package var rfc3339Milliseconds: String { text(milliseconds: true) }

    private func text(milliseconds: Bool) -> String {
        var bytes: [UInt8] = []
        append(to: &bytes, milliseconds: milliseconds)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``rfc3339Milliseconds``, or ``rfc3339``, without any other allocation.
    ///
    /// A moment outside the years 1970 to 9999 is written as the nearest one inside, so that everything
    /// written can be read again.
    package func append(to bytes: inout [UInt8], milliseconds withMilliseconds: Bool = true) {
        let time = min(max(self, .earliestWritable), .latestWritable).milliseconds
        let days = time / 86_400_000
        let ofDay = UInt32(truncatingIfNeeded: time - days * 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let start = bytes.count
        bytes.append(contentsOf: withMilliseconds ? millisecondsForm : secondsForm)
        var span = bytes.mutableSpan
        overwrite(&span, at: start, digits: 4, UInt32(truncatingIfNeeded: date.year))
        overwrite(&span, at: start + 5, digits: 2, UInt32(truncatingIfNeeded: date.month))
        overwrite(&span, at: start + 8, digits: 2, UInt32(truncatingIfNeeded: date.day))
        overwrite(&span, at: start + 11, digits: 2, ofDay / 3_600_000)
        overwrite(&span, at: start + 14, digits: 2, ofDay / 60_000 % 60)
        overwrite(&span, at: start + 17, digits: 2, ofDay / 1000 % 60)
        if withMilliseconds { overwrite(&span, at: start + 20, digits: 3, ofDay % 1000) }
    }

    /// Reads a date and time of RFC 3339 with its offset, or gives nil.
    ///
    /// Any offset, lower-case `t` and `z`, and any number of digits of a fraction are read; what is beyond
    /// milliseconds is cut. The leap second `:60` is read as `:59.999`. The moment must lie in the years
    /// 1970 to 9999 of UTC.
    package init?(rfc3339 bytes: UnsafeRawBufferPointer) {
        self.init(rfc3339: bytes, secondsRequired: true)
    }

    /// Reads it, or the same without seconds, as people write it.
    init?(rfc3339 bytes: UnsafeRawBufferPointer, secondsRequired: Bool) {
        var scanner = DigitScanner(bytes: bytes)
        guard let wall = scanner.localDateTime(secondsRequired: secondsRequired),
            let fraction = scanner.fraction(),
            let offset = scanner.utcOffset(), scanner.isAtEnd
        else { return nil }
        let second = Timestamp(seconds: wall.seconds - offset)
        let time = second + Interval(milliseconds: wall.isLeapSecond ? 999 : fraction)
        guard time >= .earliestWritable, time <= .latestWritable else { return nil }
        self = time
    }

    /// Reads a date and time of RFC 3339 with its offset, or gives nil.
    package init?(rfc3339 text: String) {
        var text = text
        let time = text.withUTF8 { Timestamp(rfc3339: UnsafeRawBufferPointer($0)) }
        guard let time else { return nil }
        self = time
    }
}

private func overwrite(_ bytes: inout MutableSpan<UInt8>, at start: Int, digits: Int, _ value: UInt32) {
    var rest = value
    var place = start + digits
    while place > start {
        place -= 1
        bytes[place] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
        rest /= 10
    }
}

private let millisecondsForm = Array("0000-00-00T00:00:00.000Z".utf8)
private let secondsForm = Array("0000-00-00T00:00:00Z".utf8)

extension Timestamp {
    /// The date of a message header (RFC 5322 section 3.3), such as `Mon, 23 Nov 2026 20:00:00 +0100`.
    ///
    /// - Parameter utcOffset: seconds east of Greenwich; the field has room for whole minutes, to which
    ///   it is cut, and the time beside it with it.
    package func rfc5322(utcOffset: Int = 0) -> String {
        let minutes = min(max(utcOffset / 60, -5999), 5999)
        let local = LocalDateTime(wallSeconds: seconds + Int64(minutes * 60))
        let sign = minutes < 0 ? "-" : "+"
        let offset = "\(sign)\(twoDigits(abs(minutes) / 60))\(twoDigits(abs(minutes) % 60))"
        return "\(local.weekday.name), \(local.dayAndMonth) \(local.year) \(local.clockWithSeconds) \(offset)"
    }
}

extension Timestamp {
    /// The day in a time zone: "2026-11-23".
    package func day(in zone: TimeZoneRules) -> String {
        String((self + .seconds(Int64(zone.utcOffset(at: self)))).rfc3339.prefix(10))
    }
}

extension Timestamp: Codable {
    /// Reads a text of RFC 3339.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = Timestamp(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a date and time of RFC 3339")
        }
        self = time
    }

    /// Writes a text of RFC 3339: to the second, and to the millisecond only where that makes a difference.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self == wholeSecond ? rfc3339 : rfc3339Milliseconds)
    }
}
