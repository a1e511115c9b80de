@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct JournalLineTests {
    private static let time = Timestamp(milliseconds: 1_795_485_600_123)

    private func line(_ word: JournalWord, _ fields: String) -> [UInt8] {
        JournalText.line(word, fields, at: Self.time)
    }

    @Test func `a line says whom and what it is about, and when`() throws {
        let bytes = line(.deferred, "anna@example.org 2026-11-24T02:00:00.000Z unclear 1 try later please")
        try bytes.dropLast().withUnsafeBytes { buffer in
            let line = try #require(JournalLine(buffer))
            #expect(line.address.map { String(decoding: $0, as: UTF8.self) } == "anna@example.org")
            #expect(
                line.recipientEvent
                    == .deferred(
                        until: Timestamp(milliseconds: 1_795_485_600_000), .unclear, status: "1",
                        reply: "try later please"))
            #expect(line.time == Self.time)
        }
    }

    @Test func `a line with any byte changed, or cut anywhere, is none`() {
        let bytes = Array(line(.sent, "anna@example.org").dropLast())
        for index in bytes.indices {
            for change in [UInt8(1), 0x20, 0x80] {
                var damaged = bytes
                damaged[index] ^= change
                damaged.withUnsafeBytes { #expect(JournalLine($0) == nil, "byte \(index)") }
            }
            bytes.prefix(index).withUnsafeBytes { #expect(JournalLine($0) == nil) }
        }
    }

    @Test func `the checksum is the one of gzip`() {
        Array("123456789".utf8).withUnsafeBytes { #expect(Checksum.crc32($0) == 0xCBF4_3926) }
        Array("The quick brown fox jumps over the lazy dog".utf8).withUnsafeBytes {
            #expect(Checksum.crc32($0) == 0x414F_A339)
        }
    }

    @Test func `the numbers are read as they were written, and events move them`() {
        var history = MailingHistory()
        history.mailing = "m"
        history.counts = MailingCounts(total: 10, duplicate: 1, invalid: 2, suppressed: 3)
        history.identity = DocumentIdentity(inode: 7, birth: .init(seconds: 5, nanoseconds: 60))
        var read = MailingHistory()
        for bytes in [
            line(.counts, CountsLine.fields(of: history)), line(.attempt, "a@example.org 1 waiting"),
            line(.sent, "a@example.org"), line(.attempt, "b@example.org 1 waiting"),
        ] {
            bytes.dropLast().withUnsafeBytes { buffer in
                if let line = JournalLine(buffer) { read.apply(line) }
            }
        }
        #expect(read.identity == history.identity)
        #expect(read.counts.recipients == 10)
        #expect(read.counts.waiting == 2)
        #expect(read.counts.sending == 1)
        #expect(read.counts.sent == 1)
    }
}
