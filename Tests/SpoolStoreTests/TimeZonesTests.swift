@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Foundation
import Glibc
import Testing

struct TimeZonesTests {
    private static let zones = "/usr/share/zoneinfo"

    private func offset(_ zone: LocalZone) throws -> Int {
        zone.rules.utcOffset(at: try #require(Timestamp(rfc3339: "2026-01-15T12:00:00Z")))
    }

    @Test(
        arguments: [
            ("Europe/Stockholm", 3600, "Europe/Stockholm"), (":Europe/Stockholm", 3600, "Europe/Stockholm"),
            ("\(zones)/America/New_York", -18_000, "America/New_York"),
            (":\(zones)/America/New_York", -18_000, "America/New_York"), ("", 0, "UTC"), (":", 0, "UTC"),
            ("UTC", 0, "UTC"), ("EST5EDT", -18_000, "EST5EDT"), ("CET-1CEST", 3600, nil),
            (":EST5", -18_000, nil),
            ("<-03>3", -10_800, nil),
        ] as [(String, Int, String?)]
    ) func `TZ is taken as the C library takes it`(text: String, seconds: Int, name: String?) throws {
        let zone = try TimeZones.machine(variable: text)
        #expect(zone.problem == nil && zone.name == name)
        #expect(try offset(zone) == seconds)
    }

    @Test(arguments: [
        "Mars/Base", "/etc/hostname", "/nowhere", "../etc/localtime", "right/Europe/Stockholm", ":x",
    ]) func `a TZ that is not understood is a problem`(text: String) throws {
        #expect(try TimeZones.machine(variable: text).problem != nil)
    }

    @Test func `a shortage is not taken for a zone that is not there`() {
        func short<T>(_ body: () throws -> T) rethrows -> T {
            try SystemCallTrace(Fault(.open, .error(EMFILE), .fromThenOn)).run(body)
        }
        for variable in [nil, "Europe/Stockholm", "/etc/localtime"] {
            #expect(throws: SystemError.self) {
                try short { try TimeZones.machine(variable: variable, localtime: "/etc/hostname") }
            }
        }
        var shortage: SystemError?
        #expect(throws: Diagnostic.self) {
            try short { try TimeZones.named("Europe/Stockholm", shortage: &shortage) }
        }
        #expect(shortage?.isShortage == true)
        shortage = nil
        #expect(throws: Diagnostic.self) { try TimeZones.named("Mars/Base", shortage: &shortage) }
        #expect(shortage == nil)
    }

    @Test func `the link of localtime tells the name, a copy and a file do without`() throws {
        let files = try TemporaryFiles()
        let manager = FileManager.default
        let link = files.path + "/link"
        try manager.createSymbolicLink(atPath: link, withDestinationPath: "\(Self.zones)/Asia/Kathmandu")
        for variable in [nil, link, ":" + link] {
            let linked = try TimeZones.machine(variable: variable, localtime: link)
            #expect(linked.name == "Asia/Kathmandu" && linked.problem == nil)
            #expect(try offset(linked) == 20_700)
        }
        let copy = files.path + "/copy"
        try manager.copyItem(atPath: "\(Self.zones)/Asia/Kathmandu", toPath: copy)
        let copied = try TimeZones.machine(variable: nil, localtime: copy)
        #expect(try offset(copied) == 20_700)
        #expect(copied.problem == nil && !copied.stamp.isEmpty)
        #expect(try TimeZones.machine(variable: nil, localtime: files.path + "/none") == .utc)
    }

    @Test func `a localtime that cannot be read is a problem, unless its link says UTC`() throws {
        let files = try TemporaryFiles()
        func machine(_ target: String) throws -> LocalZone {
            let link = files.path + "/\(UInt64.random(in: 0...(.max)))"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            return try TimeZones.machine(variable: nil, localtime: link)
        }
        #expect(try machine("../nowhere/zoneinfo/Etc/UTC").rules == .utc)
        #expect(try machine("../nowhere/zoneinfo/Etc/UTC").problem == nil)
        #expect(try machine("../nowhere/zoneinfo/Mars/Base").problem != nil)
        #expect(try machine("/dev/null").problem != nil)
    }
}
