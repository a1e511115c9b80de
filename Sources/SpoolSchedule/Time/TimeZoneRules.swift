/// When the clocks of one time zone differ from UTC, and by how much.
///
/// Read from a compiled time zone file (TZif, RFC 8536). This is ours because FoundationEssentials has no zone
/// database in a statically linked program, and the full Foundation carries 40 MB of ICU into each program. The C
/// library knows one zone at a time, and `setenv("TZ")` would change it for the whole process.
package struct TimeZoneRules: Equatable, Sendable {
    /// When the offset changes, in seconds since 1970, ascending.
    let changes: [Int64]
    /// The offset in seconds east from each of `changes` on.
    let offsets: [Int32]
    /// The offset before the first change.
    let firstOffset: Int32
    /// What holds from the last change on; nil means the last offset for ever.
    let footer: RecurringZone?

    init(changes: [Int64], offsets: [Int32], firstOffset: Int32, footer: RecurringZone?) {
        self.changes = changes
        self.offsets = offsets
        self.firstOffset = firstOffset
        self.footer = footer
    }

    /// Makes a zone whose clocks never change.
    ///
    /// - Parameter utcOffset: seconds east of Greenwich.
    package init(utcOffset: Int) {
        self.init(changes: [], offsets: [], firstOffset: Int32(clamping: utcOffset), footer: nil)
    }

    /// Makes a zone whose clocks change by the same rule in every year.
    init(_ zone: RecurringZone) {
        self.init(changes: [], offsets: [], firstOffset: Int32(clamping: zone.standard), footer: zone)
    }

    /// Coordinated universal time.
    package static let utc = TimeZoneRules(utcOffset: 0)

    /// Seconds to add to UTC for what the clocks show at a moment.
    package func utcOffset(at time: Timestamp) -> Int {
        Int(offset(atSecond: time.seconds))
    }

    /// What calendar and clock show at a moment.
    package func localDateTime(at time: Timestamp) -> LocalDateTime {
        LocalDateTime(wallSeconds: time.seconds + offset(atSecond: time.seconds))
    }

    func offset(atSecond second: Int64) -> Int64 {
        let later = changesNotAfter(second)
        if later == changes.count, let footer { return footer.offset(atSecond: second) }
        return Int64(later == 0 ? firstOffset : offsets[later - 1])
    }

    /// The first moment after one at which the offset may change, in seconds since 1970.
    func nextChange(afterSecond second: Int64) -> Int64? {
        let later = changesNotAfter(second)
        if later < changes.count { return changes[later] }
        return footer?.nextChange(afterSecond: second)
    }

    /// How many changes lie at or before a second.
    private func changesNotAfter(_ second: Int64) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The moments at which the clocks of a zone show one local time.
enum LocalInstants: Equatable, Sendable {
    /// The usual case.
    case one(Timestamp)
    /// The clocks were set back over it: they show it twice.
    case twice(first: Timestamp, second: Timestamp)
    /// The clocks were set forward over it: they never show it. `next` is the first moment after the gap.
    case never(next: Timestamp)
}

extension TimeZoneRules {
    /// The moments at which the clocks show a local time.
    func instants(ofLocal local: LocalDateTime) -> LocalInstants {
        // No zone is further from UTC than 26 hours (RFC 8536 section 3.2), so every moment in question,
        // and every change of the clocks that concerns it, lies in these 28 hours to either side.
        let wall = local.wallSeconds
        var moments: [Int64] = []
        var gap: Int64?
        var start = wall - 100_800
        while start <= wall + 100_800 {
            let end = nextChange(afterSecond: start) ?? .max
            let offset = offset(atSecond: start)
            let moment = wall - offset
            if moment >= start, moment < end { moments.append(moment) }
            if end != .max, moment >= end, wall < end + self.offset(atSecond: end), gap == nil { gap = end }
            start = end
        }
        if let first = moments.first {
            guard moments.count > 1 else { return .one(Timestamp(seconds: first)) }
            return .twice(first: Timestamp(seconds: first), second: Timestamp(seconds: moments[1]))
        }
        // Without a moment the clocks jumped over the local time, so that a gap was found.
        return .never(next: Timestamp(seconds: gap ?? wall - offset(atSecond: wall)))
    }
}

extension TimeZoneRules {
    /// Whether a time zone name is safe as a path below `/usr/share/zoneinfo`.
    ///
    /// Letters, digits, `_`, `+` and `-` (so no `..`) in parts divided by single slashes, none of which
    /// begins with a sign; at most 100 bytes. That a file is there, and is a time zone, is for the reader to find.
    package static func isSafeName(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 100 else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
            guard let first = $0.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else {
                return false
            }
            return $0.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        }
    }
}
