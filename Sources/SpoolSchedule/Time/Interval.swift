internal import SpoolText

/// A length of time in milliseconds, possibly negative.
///
/// Arithmetic saturates: a time of a broken clock must not stop the tick by an overflow.
package struct Interval: Comparable, Hashable, Sendable {
    /// The length in milliseconds.
    package let milliseconds: Int64

    /// Makes a length of so many milliseconds.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// No time at all.
    package static let zero = Interval(milliseconds: 0)

    /// The longest length that a setting may name: ten years.
    static let longestSetting = Interval.days(3650)

    /// Makes a length of so many milliseconds.
    package static func milliseconds(_ count: Int64) -> Interval { Interval(milliseconds: count) }
    /// Makes a length of so many seconds.
    package static func seconds(_ count: Int64) -> Interval { Interval(saturating: count, times: 1000) }
    /// Makes a length of so many minutes.
    package static func minutes(_ count: Int64) -> Interval { Interval(saturating: count, times: 60_000) }
    /// Makes a length of so many hours.
    package static func hours(_ count: Int64) -> Interval { Interval(saturating: count, times: 3_600_000) }
    /// Makes a length of so many days of 24 hours.
    package static func days(_ count: Int64) -> Interval { Interval(saturating: count, times: 86_400_000) }

    private init(saturating count: Int64, times unit: Int64) {
        milliseconds = saturatingProduct(count, unit)
    }

    /// The length in whole seconds, rounded down.
    package var seconds: Int64 { floorDivision(milliseconds, 1000) }

    /// The length in microseconds, the unit of ``Moment/monotonic``.
    package var microseconds: Int64 { saturatingProduct(milliseconds, 1000) }

    /// Compares by length.
    package static func < (left: Interval, right: Interval) -> Bool { left.milliseconds < right.milliseconds }

    /// Adds two lengths.
    static func + (left: Interval, right: Interval) -> Interval {
        Interval(milliseconds: saturatingSum(left.milliseconds, right.milliseconds))
    }

    /// Takes one length from another.
    static func - (left: Interval, right: Interval) -> Interval {
        Interval(milliseconds: saturatingDifference(left.milliseconds, right.milliseconds))
    }

    /// Multiplies a length.
    static func * (left: Interval, right: Int64) -> Interval {
        Interval(milliseconds: saturatingProduct(left.milliseconds, right))
    }
}

extension Interval {
    /// Reads a setting such as `"5m"` or `"3d"`: a positive whole number and one of `s`, `m`, `h`, `d`.
    ///
    /// - Throws: ``Diagnostic`` for anything else, and for more than ten years.
    package init(_ text: String) throws(Diagnostic) {
        let bytes = Array(text.utf8)
        let hint = "write a positive whole number and s, m, h or d, such as \"30s\", \"5m\", \"4h\" or \"3d\""
        guard let unit = bytes.last, let count = positiveInteger(bytes.dropLast()) else {
            throw Diagnostic("\(text.quoted) is not a length of time", hint: hint)
        }
        let length: Interval
        switch unit {
        case UInt8(ascii: "s"): length = .seconds(count)
        case UInt8(ascii: "m"): length = .minutes(count)
        case UInt8(ascii: "h"): length = .hours(count)
        case UInt8(ascii: "d"): length = .days(count)
        default: throw Diagnostic("\(text.quoted) is not a length of time", hint: hint)
        }
        guard length <= .longestSetting else {
            throw Diagnostic(
                "\(text.quoted) is longer than ten years", hint: "write at most \"3650d\"")
        }
        self = length
    }
}
