import Foundation
import SpoolMail
import SpoolSchedule
@testable import SpoolStore
import SpoolSystem
import TestSupport
import Testing

struct ReturnsEntryTests {
    private static let source = ReturnSource(message: "1.a.host".utf8)
    private static let counts: ReturnsCounts = {
        var counts = ReturnsCounts()
        (counts.hard, counts.autoReply, counts.unsubscribed) = (7, 2, 1)
        return counts
    }()

    /// Golden lines: what other versions have written must be read for ever.
    private static let lines: [(ReturnsEntry, String)] = [
        (
            .returned(
                .init(
                    "anna@example.org", .hard, source, code: "5.1.1", rule: "no-such-user",
                    forwarded: "x@example.net", reply: "550 5.1.1 User unknown")),
            "returned anna@example.org hard 1.a.host 5.1.1 no-such-user x@example.net 550 5.1.1 User unknown"
        ),
        (
            .refused(.init("bo@example.org", .soft, ReturnSource(refusalOf: "m", at: 7), rule: "gave-up")),
            "refused bo@example.org soft refused/m/7 - gave-up - "
        ),
        (.flagged(source, from: "x@example.net", subject: "Re: hi"), "flagged 1.a.host x@example.net Re: hi"),
        (.unsigned(source, from: "", subject: ""), "unsigned 1.a.host - "),
        (.other(source), "other 1.a.host"),
        (.unproven(source, 3), "unproven 1.a.host 3"),
        (.held(domain: "example.net", reply: "550 no"), "held example.net 550 no"),
        (.held(domain: nil, reply: ""), "held - "),
        (.settled, "settled"),
        (
            .counts(counts),
            "counts hard=7 soft=0 refused=0 delayed=0 delivered=0 complaint=0 unsubscribed=1 auto-reply=2"
        ),
    ]

    @Test func `an entry is written as it always was, and read again`() throws {
        let files = try TemporaryFiles()
        var bytes: [UInt8] = []
        for (entry, _) in Self.lines {
            entry.write(at: Timestamp(milliseconds: 1_795_485_600_000), to: &bytes)
        }
        try files.write("other", bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.split(separator: "\n").map { String($0.dropFirst(34)) } == Self.lines.map(\.1))
        var read: [ReturnsEntry] = []
        let end = try ReturnsDirectory(files.directory).forEachEntry(of: ReturnsDirectory.otherName) {
            entry, line in
            #expect(line.time == Timestamp(milliseconds: 1_795_485_600_000))
            read.append(entry)
        }
        #expect(read == Self.lines.map(\.0) && end == bytes.count)
    }

    @Test func `only journals are taken for journals`() throws {
        let files = try TemporaryFiles()
        for name in ["other", "0123456789abc", "0123456789abc.index", "state.json", "lock", "wwwwwwwwwwwww"] {
            try files.write(name, [])
        }
        let names = try ReturnsDirectory(files.directory).journals().map(\.string).sorted()
        #expect(names == ["0123456789abc", "other"])
    }

    @Test func `what a stranger put into a field stays one field`() {
        let entry = ReturnsEntry.flagged(Self.source, from: "a b\u{2028}c", subject: "x")
        var bytes: [UInt8] = []
        entry.write(at: Timestamp(milliseconds: 0), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix(" flagged 1.a.host abc x\n"))
    }
}
