import Foundation
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct TickSnapshotTests {
    private func read(_ text: String) throws -> TickSnapshot {
        let files = try TemporaryFiles()
        try files.write("board.json", Array(text.utf8))
        let snapshot = try TickSnapshot(in: try files.directory)
        // A tick reads the same, line by line.
        let file = try SnapshotFile(in: try files.directory)
        var joined = file.head
        joined.entries = file.lines.compactMap(\.entry)
        #expect(joined == snapshot)
        return snapshot
    }

    /// As version 1.0 wrote it, on one line.
    private static let earlier = """
        {"context":"1.0 a b","entries":[{"errors":[],"files":{},"folder":"active","from":"a@example.org",\
        "hasBegun":true,"isJudged":true,"isSaid":false,"name":"news","next":"2026-11-24T18:00:00Z",\
        "perMinute":12.5,"secondsLeft":60,"sendAt":"2026-11-24T17:00:00Z","total":3,"version":"7 1 2",\
        "waitingFor":"mail system","warnings":[]}],"ignored":[{"path":"active/x","reason":"r"}],\
        "mailSystem":{"reply":"451 busy","since":"2026-11-24T16:00:00Z"},"outage":"2026-11-24T15:00:00Z",\
        "program":"1.0","said":["config.json: bad; write it well 7-1-2/755","no list "]}

        """

    @Test func `what an earlier version wrote is read`() throws {
        let snapshot = try read(Self.earlier)
        let time = { Timestamp(seconds: 1_795_536_000 + $0 * 3600) }
        #expect(snapshot.context == "1.0 a b" && snapshot.outage == time(-1))
        #expect(
            snapshot.said == [
                Announcement("config.json: bad; write it well", of: "7-1-2/755"), Announcement("no list"),
            ])
        #expect(snapshot.mailSystem == .init(since: time(0), reply: "451 busy"))
        let entry = try #require(snapshot.entries.first)
        #expect(entry.sendAt == time(1) && entry.next == time(2) && entry.waitingFor == .mailSystem)
        #expect(entry.folder == .active && entry.total == 3 && entry.isJudged)
    }

    @Test func `what is written is read again, to the millisecond`() throws {
        var snapshot = try read(Self.earlier)
        snapshot.outage = Timestamp(milliseconds: 1_795_536_000_001)
        let text = String(decoding: try JSONEncoder().encode(snapshot), as: UTF8.self)
        #expect(text.contains("\"2026-11-24T16:00:00.001Z\"") && text.contains("\"2026-11-24T16:00:00Z\""))
        #expect(try read(text) == snapshot)
    }

    @Test(arguments: ["", "{", "[]", earlier.replacing("17:00:00Z", with: "25:00:00Z")])
    func `what cannot be read is taken for none`(text: String) throws {
        #expect(try read(text) == TickSnapshot())
    }
}
