import Foundation
import SpoolMail
import SpoolSchedule
@testable import SpoolStore
import SpoolSystem
import TestSupport
import Testing

struct BlockedJournalTests {
    private let files: TemporaryFiles
    private let directory: Directory

    init() throws {
        files = try TemporaryFiles()
        directory = try files.directory
    }

    private func bytes(_ entries: [BlockedEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries { entry.write(at: Timestamp(milliseconds: 1_795_485_600_000), to: &bytes) }
        return bytes
    }

    private static let entries: [BlockedEntry] = [
        .block(
            .init(
                "anna@example.org", .returned(.hard), mailing: "0123456789abc",
                source: ReturnSource(message: Array("17 ö.host".utf8)), reply: "550 5.1.1 User unknown")),
        .block(
            .init("bo@example.org", .returned(.unsubscribed), mailing: "0123456789abc", topic: "club.news")),
        .block(.init("cyd@example.org", .returned(.unsubscribed))),
        .block(.init("@example.net", .person)),
        .counts(blocked: 2, left: 2),
    ]

    @Test func `an entry is read as it was written`() throws {
        try files.write("blocked", bytes(Self.entries))
        var read: [BlockedEntry] = []
        try BlockedJournal.forEachEntry(in: directory) { entry, _ in read.append(entry) }
        #expect(read == Self.entries)
        let text = String(decoding: bytes(Array(Self.entries.prefix(1))), as: UTF8.self)
        #expect(
            text.hasSuffix(
                " block anna@example.org hard 0123456789abc - 17%20%c3%b6.host 550 5.1.1 User unknown\n"))
    }

    @Test func `blocked is whoever is named, and whoever is of a domain that is`() throws {
        try files.write("blocked", bytes(Self.entries))
        var journal = BlockedJournal()
        #expect(try journal.update(in: directory) == nil)
        #expect(journal.addresses.isBlocked(try EmailAddress("ANNA@example.org")))
        #expect(journal.addresses.isBlocked(try EmailAddress("any@example.net")))
        #expect(!journal.addresses.isBlocked(try EmailAddress("bo@example.org")))
        #expect(!journal.addresses.isBlocked(try EmailAddress("any@sub.example.net")))
        #expect(journal.addresses.counts == .counts(blocked: 2, left: 2))
    }

    @Test func `who has left a topic still gets the others, and who has left everything gets none`() throws {
        try files.write("blocked", bytes(Self.entries))
        var journal = BlockedJournal()
        #expect(try journal.update(in: directory) == nil)
        let bo = try EmailAddress("bo@example.org")
        let cyd = try EmailAddress("cyd@example.org")
        #expect(journal.addresses.hasLeft(bo, topic: "club.news"))
        #expect(!journal.addresses.hasLeft(bo, topic: "club.other"))
        #expect(!journal.addresses.hasLeft(bo, topic: nil))
        #expect(journal.addresses.hasLeft(cyd, topic: "club.news"))
        #expect(journal.addresses.hasLeft(cyd, topic: nil))
    }

    @Test func `an unblock lifts blocks and departures, a release only the block`() throws {
        var addresses = BlockedAddresses()
        let anna = try EmailAddress("anna@example.org")
        for cause: BlockedEntry.Block.Cause in [.returned(.hard), .returned(.unsubscribed)] {
            addresses.apply(.block(.init("anna@example.org", cause, topic: "news")))
        }
        addresses.apply(.release("anna@example.org"))
        #expect(!addresses.isBlocked(anna))
        #expect(addresses.hasLeft(anna, topic: "news"))
        addresses.apply(.unblock("anna@example.org"))
        #expect(!addresses.hasLeft(anna, topic: "news"))
        #expect(addresses.counts == .counts(blocked: 0, left: 0))
    }

    @Test func `what is appended is seen at the next look, and half a line with its end`() throws {
        let all = bytes(Self.entries)
        let first = bytes(Array(Self.entries.prefix(1))).count
        try files.write("blocked", all[..<(first + 20)])
        var journal = BlockedJournal()
        #expect(try journal.update(in: directory) == nil)
        #expect(journal.seen?.length == first)
        #expect(!journal.addresses.isBlocked(try EmailAddress("any@example.net")))
        try files.overwrite("blocked", all)
        #expect(try journal.update(in: directory) == nil)
        #expect(journal.addresses.isBlocked(try EmailAddress("any@example.net")))
        #expect(journal.addresses.hasLeft(try EmailAddress("bo@example.org"), topic: "club.news"))
    }

    @Test func `any byte that is damaged is noticed`() throws {
        let sound = bytes(Self.entries)
        for place in sound.indices.dropLast() {
            var damaged = sound
            damaged[place] = damaged[place] == 0x0A ? 0x20 : damaged[place] ^ 0x40
            try files.write("blocked", damaged)
            var journal = BlockedJournal()
            let refusal = try journal.update(in: directory)
            #expect(refusal?.contains("is damaged") == true, "\(place)")
            // It stands for as long as the file does.
            #expect(try journal.update(in: directory) == refusal)
        }
    }

    @Test func `a file that is gone or shorter than it was stops everything, also for the next process`()
        throws
    {
        let all = bytes(Self.entries)
        try files.write("blocked", all)
        var journal = BlockedJournal()
        #expect(try journal.update(in: directory) == nil)
        let seen = try #require(journal.seen)
        try FileHandle(forUpdating: URL(fileURLWithPath: files.path + "/blocked"))
            .truncate(atOffset: UInt64(bytes(Array(Self.entries.prefix(2))).count))
        var next = BlockedJournal(
            seen: try JSONDecoder().decode(BlockedJournal.Seen.self, from: JSONEncoder().encode(seen)))
        #expect(try journal.update(in: directory)?.contains("shorter") == true)
        #expect(try next.update(in: directory)?.contains("shorter") == true)
        try files.write("other", [])
        try files.remove("blocked")
        #expect(try journal.update(in: directory)?.contains("is gone") == true)
        #expect(try next.update(in: directory)?.contains("is gone") == true)
        // Another file is somebody's decision.
        try FileManager.default.moveItem(atPath: files.path + "/other", toPath: files.path + "/blocked")
        #expect(try next.update(in: directory) == nil)
        #expect(try journal.update(in: directory) == nil)
        #expect(journal.addresses == BlockedAddresses())
    }

    @Test func `nothing is blocked where there has never been a file`() throws {
        var journal = BlockedJournal()
        #expect(try journal.update(in: directory) == nil)
        #expect(journal.seen == nil)
    }

    @Test func `what is no file is refused`() throws {
        try files.write("other", [])
        try files.link("blocked", to: "other")
        var journal = BlockedJournal()
        #expect(try journal.update(in: directory)?.contains("symbolic link") == true)
        try files.remove("blocked")
        try files.write("blocked/x", [])
        #expect(try journal.update(in: directory)?.contains("a directory") == true)
    }
}
