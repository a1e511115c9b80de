internal import SpoolMailing
package import SpoolSchedule
package import SpoolSystem

/// What the last look at the spool found, kept in `journal/board.json` for the next tick and for `spool-status`.
///
/// It can be lost at any time: the next look makes it anew, and at worst says an error once more. What happened to
/// recipients is not in it but in the journals.
package struct TickSnapshot: Codable, Equatable, Sendable {
    /// What was said of the mail system, until it accepts again.
    package struct Refusal: Codable, Equatable, Sendable {
        package var since: Timestamp
        package var reply: String

        package init(since: Timestamp, reply: String) {
            self.since = since
            self.reply = reply
        }
    }

    /// What documents were judged by beside themselves: the program's version, config.json, suppressed.txt.
    package var context = ""
    package var mailSystem: Refusal?
    /// When recipients were last excused for a failing mail system, if it has accepted nothing since.
    package var outage: Timestamp?
    /// Complaints about the spool as a whole that have been said and still stand.
    package var said: [Announcement] = []
    /// What could not be said, as nobody listened; nil if nothing.
    package var unsaid: [String]?
    package var entries: [DocumentSnapshot] = []

    /// The file's name in `journal/`.
    package static let name = FileName("board.json")

    /// Reads it; an empty one where there is none, or none that can be read.
    package init(in journal: Directory) throws(SystemError) {
        self = JournalJSON.value(TickSnapshot.self, try TickSnapshot.bytes(in: journal)) ?? TickSnapshot()
    }

    /// What stands in the file; nothing where there is none.
    static func bytes(in journal: Directory) throws(SystemError) -> [UInt8] {
        do throws(SystemError) {
            return try journal.open(TickSnapshot.name).contents(limit: 1 << 28)
        } catch  where error.isMissing {
            return []
        }
    }

    init() {}
}

/// What the last look found of one document.
package struct DocumentSnapshot: Codable, Equatable, Sendable {
    package var name: String
    package var folder: Folder
    /// Which file with which contents.
    package var version: String
    /// The files that it names, with the state in which they were read.
    package var files: [String: FileStamp] = [:]
    package var errors: [Diagnostic] = []
    package var warnings: [Diagnostic] = []
    /// Whether the errors, or their absence, are a judgement, and not a matter of the moment.
    package var isJudged = false
    /// Whether the errors have been said.
    package var isSaid = false
    package var subject: String?
    package var from: String?
    /// Nil for a mailing that is sent at once.
    package var sendAt: Timestamp?
    /// Numbers by the lists alone, for a mailing without a journal; nil if they could not be counted.
    package var total: Int?
    package var duplicate: Int?
    package var invalid: Int?
    package var suppressed: Int?
    package var waitingFor: WaitReason?
    /// When something is to be expected.
    package var next: Timestamp?
    package var perMinute: Double?
    /// When everybody will have been mailed, in seconds since 1970: unlike how long that takes it stays the same while
    /// nothing happens.
    package var endsAt: Int64?

    /// The numbers of a mailing that has no journal; nobody, as long as its lists cannot be read.
    package var counts: MailingCounts {
        MailingCounts(
            total: total ?? 0, duplicate: duplicate ?? 0, invalid: invalid ?? 0, suppressed: suppressed ?? 0)
    }

    /// An entry in which nothing stands yet but which document it is of.
    package init(name: String, folder: Folder, version: String) {
        self.name = name
        self.folder = folder
        self.version = version
    }
}
