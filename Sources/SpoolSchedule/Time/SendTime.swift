/// What a document says of a time: now, a moment, or what the clocks of its zone will show.
package enum SendTime: Equatable, Sendable {
    /// `"now"`.
    case now
    /// With an offset, such as `2026-11-24T19:00+01:00`.
    case moment(Timestamp)
    /// Without one, such as `2026-11-24T19:00`.
    case local(LocalDateTime)

    /// What had to be done to a local time because the clocks are changed.
    package enum Adjustment: Sendable {
        /// Nothing: the clocks show it once.
        case none
        /// The clocks show it twice; the first is taken.
        case repeatedHour
        /// The clocks skip it; the first moment after the gap is taken.
        case missingHour
    }

    /// Reads `now`, a date and time of RFC 3339, or a local date and time; seconds may be left out of both.
    ///
    /// - Throws: ``Diagnostic`` that says how to write it.
    package init(_ text: String) throws(Diagnostic) {
        var copy = text
        let time: SendTime? = text == "now" ? .now : copy.withUTF8 { SendTime(UnsafeRawBufferPointer($0)) }
        guard let time else { throw LooseTime(text).diagnostic(of: text) }
        self = time
    }

    private init?(_ bytes: UnsafeRawBufferPointer) {
        if let moment = Timestamp(rfc3339: bytes, secondsRequired: false) {
            self = .moment(moment)
            return
        }
        var scanner = DigitScanner(bytes: bytes)
        guard let wall = scanner.localDateTime(secondsRequired: false), scanner.isAtEnd, wall.seconds >= 0,
            !wall.isLeapSecond
        else { return nil }
        self = .local(LocalDateTime(wallSeconds: wall.seconds))
    }

    /// The moment in question, nil for `now`, and whether the clocks of the zone made it ambiguous.
    package func resolve(in zone: TimeZoneRules) -> (time: Timestamp?, adjustment: Adjustment) {
        switch self {
        case .now: return (nil, .none)
        case .moment(let time): return (time, .none)
        case .local(let local):
            switch zone.instants(ofLocal: local) {
            case .one(let time): return (time, .none)
            case .twice(let first, _): return (first, .repeatedHour)
            case .never(let next): return (next, .missingHour)
            }
        }
    }
}
