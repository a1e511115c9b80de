internal import SpoolText

/// The time zone in which times without one are read and shown: config.json's, else the one that the machine is set to.
package struct LocalZone: Equatable, Sendable {
    /// Its rules; UTC as long as there is a ``problem``.
    package let rules: TimeZoneRules
    /// Its IANA name; nil where nobody says it.
    package let name: String?
    /// Why nobody knows which zone the machine means: an error of whatever needs it, since UTC would be hours off.
    package let problem: Diagnostic?

    /// What tells it from another, for whoever keeps what was judged by it.
    package let stamp: String

    private init(rules: TimeZoneRules, name: String?, problem: Diagnostic?, stamp: String) {
        (self.rules, self.name, self.problem, self.stamp) = (rules, name, problem, stamp)
    }

    /// A zone that is known.
    ///
    /// - Parameter stamp: what tells it from another without a name.
    package init(_ rules: TimeZoneRules, name: String?, stamp: String = "") {
        self.init(rules: rules, name: name, problem: nil, stamp: name ?? stamp)
    }

    /// Coordinated universal time.
    package static let utc = LocalZone(.utc, name: "UTC")

    /// Nobody knows which zone is meant.
    ///
    /// - Parameter reason: what is wrong, such as `TZ is "Mars", which is no time zone`.
    package static func unknown(_ reason: String) -> LocalZone {
        LocalZone(
            rules: .utc, name: nil,
            problem: Diagnostic(
                "the machine's time zone is not understood: \(reason)",
                hint: "write the zone into the document or config.json, such as \"timeZone\": "
                    + "\"Europe/Stockholm\", or set the machine's right"), stamp: reason)
    }

    /// The zone that a value of TZ means, if that is none of a file: `CET-1CEST,M3.5.0,M10.5.0/3`, `EST5`, `<-03>3`.
    ///
    /// A name for the summer without its days means those of the United States, as the C library takes it.
    package init(posix text: String) {
        let bytes = Array(text.utf8)
        let hasDays = bytes.contains(UInt8(ascii: ","))
        let zone =
            RecurringZone(bytes) ?? (hasDays ? nil : RecurringZone(bytes + Array(",M3.2.0,M11.1.0".utf8)))
        self =
            zone.map { LocalZone(TimeZoneRules($0), name: nil, stamp: text) }
            ?? .unknown("TZ is \(text.quoted), which is no time zone that this machine knows")
    }
}
