internal import SpoolSystem
package import SpoolSchedule
internal import SpoolText

/// The time zones of the machine, read from its zone files.
package enum TimeZones {
    private static let directory = "/usr/share/zoneinfo"

    /// The zone of an IANA name.
    package static func named(_ name: String) throws(Diagnostic) -> TimeZoneRules {
        if ["UTC", "Etc/UTC", "GMT"].contains(name) { return .utc }
        guard TimeZoneRules.isSafeName(name), let bytes = File.contents(ofPath: "\(directory)/\(name)"),
            let rules = try? TimeZoneRules(tzif: bytes)
        else {
            throw Diagnostic(
                "\(name.quoted) is no time zone that this machine knows",
                hint: "write a name like \"Europe/Stockholm\"; the package tzdata brings them")
        }
        return rules
    }

    /// The zone that the machine is set to: `$TZ`, else /etc/localtime.
    package static func machine() throws -> TimeZoneRules {
        if let name = ProcessTable.environment("TZ"), !name.isEmpty {
            return try named(name.hasPrefix(":") ? String(name.dropFirst()) : name)
        }
        guard let bytes = File.contents(ofPath: "/etc/localtime") else { return .utc }
        return try TimeZoneRules(tzif: bytes)
    }
}
