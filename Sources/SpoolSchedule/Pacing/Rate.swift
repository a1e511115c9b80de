internal import SpoolText

/// How many hand-overs are allowed in a unit of time.
///
/// In seconds, minutes and hours they are evenly spaced; in days they are a quota of any 24 hours.
package struct Rate: Hashable, Sendable {
    /// The unit of time.
    package enum Unit: String, CaseIterable, Sendable {
        /// One second.
        case second
        /// 60 seconds.
        case minute
        /// 60 minutes.
        case hour
        /// Any 24 hours.
        case day

        /// The length in microseconds.
        var microseconds: Int64 {
            switch self {
            case .second: 1_000_000
            case .minute: 60_000_000
            case .hour: 3_600_000_000
            case .day: 86_400_000_000
            }
        }
    }

    /// How many, at least 1.
    let count: Int
    /// In which time.
    package let unit: Unit

    /// Makes a rate; a count below 1 counts as 1.
    init(count: Int, per unit: Unit) {
        self.count = max(1, count)
        self.unit = unit
    }

    /// Reads a setting such as `"600/hour"`.
    ///
    /// - Throws: ``Diagnostic`` for anything but a number from 1 to a thousand million, a slash and
    ///   a unit.
    package init(_ text: String) throws(Diagnostic) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let count = positiveInteger(parts[0]), count <= 1_000_000_000,
            let unit = Unit(rawValue: String(parts[1]) ?? "")
        else {
            throw Diagnostic(
                "\(text.quoted) is not a rate",
                hint:
                    "write a positive whole number, a slash and second, minute, hour or day, such as \"600/hour\""
            )
        }
        self.init(count: Int(count), per: unit)
    }

    /// The least time from one hand-over to the next in microseconds; 0 for a quota, which is not spaced.
    ///
    /// It is rounded up, so that no span of a unit holds more than the count.
    var spacing: Int64 {
        unit == .day ? 0 : (unit.microseconds + Int64(count) - 1) / Int64(count)
    }

    /// How late a hand-over may come and still be made up for, in microseconds; 0 where the spacing is a second or more.
    ///
    /// A process and an fsync take some milliseconds: of a spacing of ten that is half the rate.
    var slack: Int64 {
        unit == .day || spacing >= 1_000_000 ? 0 : min(unit.microseconds / 100, 50_000)
    }

    /// The planned time from one hand-over to the next in microseconds; 0 for a quota.
    ///
    /// By the ``slack`` in each unit more than the ``spacing``: so no span of a unit holds more than the count, although
    /// what comes late is made up for. Then the rate is held within a hundredth.
    var pitch: Int64 {
        slack == 0 ? spacing : (unit.microseconds + slack + Int64(count) - 1) / Int64(count)
    }

    /// The hand-overs a second that it comes to in the long run.
    var perSecond: Double {
        Double(count) * 1_000_000 / Double(unit.microseconds)
    }
}

extension Rate: CustomStringConvertible {
    /// The setting, such as `600/hour`.
    package var description: String { "\(count)/\(unit.rawValue)" }
}
