/// A length of time in milliseconds, possibly negative.
///
/// Arithmetic saturates: a time of a broken clock must not stop the tick by an overflow.
public struct Interval: Comparable, Hashable, Sendable {
    /// The length in milliseconds.
    public let milliseconds: Int64

    /// Makes a length of so many milliseconds.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// No time at all.
    public static let zero = Interval(milliseconds: 0)

    /// The longest length that a setting may name: ten years.
    public static let longestSetting = Interval.days(3650)

    /// Makes a length of so many milliseconds.
    public static func milliseconds(_ count: Int64) -> Interval { Interval(milliseconds: count) }
    /// Makes a length of so many seconds.
    public static func seconds(_ count: Int64) -> Interval { Interval(saturating: count, times: 1000) }
    /// Makes a length of so many minutes.
    public static func minutes(_ count: Int64) -> Interval { Interval(saturating: count, times: 60_000) }
    /// Makes a length of so many hours.
    public static func hours(_ count: Int64) -> Interval { Interval(saturating: count, times: 3_600_000) }
    /// Makes a length of so many days of 24 hours.
    public static func days(_ count: Int64) -> Interval { Interval(saturating: count, times: 86_400_000) }

    private init(saturating count: Int64, times unit: Int64) {
        milliseconds = saturatingProduct(count, unit)
    }

    /// The length in whole seconds, rounded down.
    public var seconds: Int64 { floorDivision(milliseconds, 1000) }

    /// The length in microseconds, the unit of ``Moment/monotonic``.
    public var microseconds: Int64 { saturatingProduct(milliseconds, 1000) }

    /// Compares by length.
    public static func < (left: Interval, right: Interval) -> Bool { left.milliseconds < right.milliseconds }

    /// Adds two lengths.
    public static func + (left: Interval, right: Interval) -> Interval {
        Interval(milliseconds: saturatingSum(left.milliseconds, right.milliseconds))
    }

    /// Takes one length from another.
    public static func - (left: Interval, right: Interval) -> Interval {
        Interval(milliseconds: saturatingDifference(left.milliseconds, right.milliseconds))
    }

    /// Multiplies a length.
    public static func * (left: Interval, right: Int64) -> Interval {
        Interval(milliseconds: saturatingProduct(left.milliseconds, right))
    }
}

extension Interval {
    /// Reads a setting such as `"5m"` or `"3d"`: a positive whole number and one of `s`, `m`, `h`, `d`.
    ///
    /// - Throws: ``InvalidSetting`` for anything else, and for more than ten years.
    public init(_ text: String) throws(InvalidSetting) {
        let bytes = Array(text.utf8)
        let hint = "write a positive whole number and s, m, h or d, such as \"30s\", \"5m\", \"4h\" or \"3d\""
        guard let unit = bytes.last, let count = positiveInteger(bytes.dropLast()) else {
            throw InvalidSetting("\(quotedForPeople(text)) is not a length of time", hint: hint)
        }
        let length: Interval
        switch unit {
        case UInt8(ascii: "s"): length = .seconds(count)
        case UInt8(ascii: "m"): length = .minutes(count)
        case UInt8(ascii: "h"): length = .hours(count)
        case UInt8(ascii: "d"): length = .days(count)
        default: throw InvalidSetting("\(quotedForPeople(text)) is not a length of time", hint: hint)
        }
        guard length <= .longestSetting else {
            throw InvalidSetting(
                "\(quotedForPeople(text)) is longer than ten years", hint: "write at most \"3650d\"")
        }
        self = length
    }

    /// The shortest setting that means this length, such as `"5m"`; below a second it is rounded up.
    public var settingText: String {
        let seconds = (milliseconds + 999) / 1000
        if seconds % 86_400 == 0, seconds != 0 { return "\(seconds / 86_400)d" }
        if seconds % 3600 == 0, seconds != 0 { return "\(seconds / 3600)h" }
        if seconds % 60 == 0, seconds != 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
