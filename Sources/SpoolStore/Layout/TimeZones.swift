package import SpoolSchedule
package import SpoolSystem
internal import SpoolText

/// The time zones of the machine, read from its zone files.
package enum TimeZones {
    private static let directory = "/usr/share/zoneinfo"

    /// The zone of an IANA name.
    ///
    /// - Parameter shortage: is set to what the machine lacked to read it, if that is why it is not known.
    package static func named(
        _ name: String, shortage: inout SystemError?
    ) throws(Diagnostic) -> TimeZoneRules {
        do throws(SystemError) {
            if let rules = try known(name) { return rules }
        } catch {
            shortage = error
        }
        throw Diagnostic(
            "\(name.quoted) is no time zone that this machine knows",
            hint: "write a name like \"Europe/Stockholm\"; the package tzdata brings them")
    }

    /// The zone of an IANA name; nil if there is none. Here and below only a shortage is thrown.
    package static func known(_ name: String) throws(SystemError) -> TimeZoneRules? {
        if ["UTC", "Etc/UTC", "GMT"].contains(name) { return .utc }
        guard TimeZoneRules.isSafeName(name), let bytes = try File.contents(ofPath: "\(directory)/\(name)")
        else { return nil }
        return try? TimeZoneRules(tzif: bytes)
    }

    /// The zone that the machine is set to, as the C library takes it (tzset(3)): `$TZ`, else /etc/localtime.
    package static func machine(
        variable: String? = ProcessTable.environment("TZ"), localtime: String = "/etc/localtime"
    ) throws(SystemError) -> LocalZone {
        guard var text = variable else { return try link(localtime) }
        if text.hasPrefix(":") { text.removeFirst() }
        if text.isEmpty { return .utc }
        if text == localtime { return try link(text) }
        if text.hasPrefix("/") { return try file(text) ?? .unknown(noZone(text)) }
        if let rules = try known(text) { return LocalZone(rules, name: text) }
        return LocalZone(posix: text)
    }

    /// The zone of /etc/localtime, which is a link to a zone's file, or a copy of one; UTC where there is none.
    private static func link(_ path: String) throws(SystemError) -> LocalZone {
        if let zone = try file(path) {
            let told = try File.contents(ofPath: "/etc/timezone").map { bytes in
                String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            }
            // What it was copied from, unless somebody has changed only one of the two.
            guard zone.name == nil, let told, try known(told) == zone.rules else { return zone }
            return LocalZone(zone.rules, name: told)
        }
        guard let target = File.target(ofLink: path) else {
            return try File.contents(ofPath: path) == nil ? .utc : .unknown(noZone(path))
        }
        // Without tzdata the link leads nowhere, and yet says which zone is meant.
        guard let name = name(ofPath: target), let rules = try known(name) else {
            return .unknown("\(path) leads to \(target), which cannot be read")
        }
        return LocalZone(rules, name: name)
    }

    private static func file(_ path: String) throws(SystemError) -> LocalZone? {
        guard let bytes = try File.contents(ofPath: path), let rules = try? TimeZoneRules(tzif: bytes) else {
            return nil
        }
        let checksum = bytes.withUnsafeBytes { Checksum.crc32($0) }
        return LocalZone(rules, name: name(ofPath: File.target(ofLink: path) ?? path), stamp: "\(checksum)")
    }

    /// The IANA name in the path of a zone's file.
    private static func name(ofPath path: String) -> String? {
        guard let range = path.firstRange(of: "zoneinfo/") else { return nil }
        let name = String(path[range.upperBound...])
        return TimeZoneRules.isSafeName(name) ? name : nil
    }

    private static func noZone(_ path: String) -> String { "\(path) is not the file of a time zone" }
}
