import Foundation
import SpoolConsole
import SpoolMail
import SpoolSchedule
@testable import SpoolReturns
import SpoolStore
import SpoolSystem
import TestSupport
import Testing

/// What comes back counts once, and from nobody who has no token.
struct ReturnsOnceTests {
    private static func prepared() throws -> ReturnsSpool {
        let returned = try ReturnsSpool()
        try returned.configure(#"{"webLogs": ["log"]}"#)
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        try returned.deliver("2.a.host:2,S", returned.bounce("anna@example.org"), in: "cur")
        try returned.deliver("3.a.host", "From: x@example.org\nTo: me@example.com\n\nhello\n")
        try returned.spool.files.write(
            "log", "POST /leave/\(try returned.token(.unsubscribe, "bo@example.org")) 204\n".utf8)
        return returned
    }

    @Test func `killed at any system call, or met by any error there, each thing counts once`() throws {
        let strikes = try sweepFaults([.error(ENOSPC)], prepare: Self.prepared) { returned in
            try returned.run()
        } check: { returned, outcome in
            let (said, status) = try returned.run(at: ReturnsSpool.start + .hours(2))
            #expect(said == [] && status == .ok, "\(outcome)")
            let lines = try returned.lines("returns/\(ReturnsSpool.mailing)")
            #expect(lines.count == 3, "\(outcome): \(lines)")
            #expect(try returned.lines("returns/other") == ["other 3.a.host"], "\(outcome)")
            #expect(
                try returned.counts("returns/\(ReturnsSpool.mailing)")?.contains("unsubscribed=1") == true)
            let blocks = try returned.lines("blocked")
            #expect(blocks.count == 2, "\(outcome): \(blocks)")
            #expect(try returned.blocked() == ["anna@example.org"] && returned.left() == ["bo@example.org"])
            #expect(returned.spool.names(in: "returns/new") == [], "\(outcome)")
        }
        #expect(strikes > 100)
    }

    @Test func `10,000 forged tokens change nothing`() throws {
        let returned = try ReturnsSpool()
        try returned.configure(#"{"webLogs": ["log"]}"#)
        var random = SeededRandom(seed: 11)
        let letters = Array("0123456789abcdefghijklmnopqrstuv")
        func forged() -> String {
            ReturnsSpool.mailing
                + String(
                    (0..<RecipientToken.proofLength).map { _ in
                        letters[Int.random(in: 0..<32, using: &random)]
                    })
        }
        let log = (0..<10_000).map { _ in "POST /leave?t=\(forged()) 204\n" }.joined()
        try returned.spool.files.write("log", log.utf8)
        for number in 0..<50 {
            try returned.deliver("\(number).a.host", returned.bounce("anna@example.org", to: forged()))
        }
        try returned.runWell()
        #expect(try returned.lines("blocked") == [])
        #expect(try returned.lines("returns/\(ReturnsSpool.mailing)") == [])
        let other = try returned.lines("returns/other")
        #expect(other.count { $0.hasPrefix("unsigned ") } == 50)
        #expect(other.last?.hasSuffix(" 10000") == true, "\(other.last ?? "")")
    }

    @Test func `damage to a journal of what came back costs the lines in it and no others`() throws {
        let returned = try Self.prepared()
        try returned.run()
        let path = "journal/returns/\(ReturnsSpool.mailing)"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(returned.spool.files.path)/\(path)"))
        bytes[40] ^= 1
        bytes += Data("half a line".utf8)
        try returned.spool.files.write(path, bytes)
        try returned.deliver("9.a.host", returned.bounce("cyd@example.org"))
        #expect(try returned.run(at: ReturnsSpool.start + .hours(2)).status == .ok)
        #expect(try returned.blocked() == ["anna@example.org", "cyd@example.org"])
        let lines = try returned.lines("returns/\(ReturnsSpool.mailing)")
        #expect(lines.contains { $0.hasPrefix("returned cyd@example.org hard 9.a.host") }, "\(lines)")
    }

    @Test func `while journal/blocked is damaged nothing is judged, and nothing is lost`() throws {
        let returned = try Self.prepared()
        try returned.spool.files.write("journal/blocked", "garbage\n".utf8)
        let (said, status) = try returned.run()
        #expect(status == .configuration && said.count == 1 && said[0].contains("line 1"), "\(said)")
        #expect(returned.spool.names(in: "returns/new") == ["1.a.host", "3.a.host"])
        try returned.spool.files.remove("journal/blocked")
        #expect(try returned.run(at: ReturnsSpool.start + .hours(2)).status == .ok)
        #expect(try returned.blocked() == ["anna@example.org"])
    }

    @Test func `a block that a person has lifted does not come back with the message that caused it`() throws
    {
        let returned = try Self.prepared()
        try returned.spool.files.remove("returns/cur/2.a.host:2,S")
        try returned.run()
        #expect(try returned.change("--unblock", "anna@example.org,bo@example.org") == .ok)
        // As if what stands in the journals had been killed before it was written there.
        try returned.spool.files.remove("journal/returns/\(ReturnsSpool.mailing)")
        try returned.spool.files.remove("journal/returns/state.json")
        try returned.run(at: ReturnsSpool.start + .hours(2))
        #expect(try returned.blocked() == [] && returned.left() == [])
    }

    @Test func `a token beside which no address stands is found in the mailing's journal`() throws {
        let returned = try ReturnsSpool()
        let leave = try returned.token(.unsubscribe, "cyd@example.org")
        try returned.deliver("1.a.host", "From: x@example.net\nTo: leave+\(leave)@example.com\n\nbye\n")
        try returned.run()
        #expect(try returned.left() == ["cyd@example.org"])
        // Somebody was added; and an index that is damaged is made anew.
        try returned.send("news", ReturnsSpool.mailing, to: ReturnsSpool.people + ["dan@example.org"])
        let index = "journal/returns/\(ReturnsSpool.mailing).index"
        for (name, address, bytes) in [("2", "dan@example.org", nil), ("3", "bo@example.org", "garbage")] {
            if let bytes { try returned.spool.files.write(index, bytes.utf8) }
            let leave = try returned.token(.unsubscribe, address)
            try returned.deliver(
                "\(name).a.host", "From: x@example.net\nTo: leave+\(leave)@example.com\n\nbye\n")
            try returned.run(at: ReturnsSpool.start + .hours(2))
            #expect(try returned.left([address]) == [address])
        }
    }
}
