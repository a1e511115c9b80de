internal import Foundation
internal import SpoolSystem

/// What the last look at the spool found, kept in `journal/board.json` for the next tick and for `spool-status`.
///
/// It can be lost at any time: the next look makes it anew, and at worst says an error once more. What happened to
/// recipients is not in it but in the journals.
struct Board: Codable, Equatable, Sendable {
    /// What was said of the mail system, until it accepts again.
    struct Refusal: Codable, Equatable, Sendable {
        var since: String
        var reply: String
    }

    /// The program that wrote it; another version judges documents anew.
    var program = ""
    /// What documents were judged by beside themselves: config.json, suppressed.txt, the machine's time zone.
    var context = ""
    var mailSystem: Refusal?
    /// When recipients were last excused for a failing mail system, if it has accepted nothing since.
    var outage: String?
    /// Complaints about the spool as a whole that have been said and still stand.
    var said: [String] = []
    var entries: [BoardEntry] = []
    var ignored: [IgnoredEntry] = []

    /// The file's name in `journal/`.
    static let name = FileName("board.json")

    /// Reads it; an empty board where there is none, or none that can be read.
    init(in journal: Directory) throws(SystemError) {
        self.init()
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try journal.open(Board.name).contents(limit: 1 << 28)
        } catch  where error.isMissing {
            return
        }
        if let board = try? JSONDecoder().decode(Board.self, from: Data(bytes)) { self = board }
    }

    init() {}

    /// What was found of a document.
    func entry(_ name: FileName, in folder: Folder) -> BoardEntry? {
        entries.first { $0.folder == folder && $0.name.utf8.elementsEqual(name.bytes) }
    }

    /// What was found of this version of a document, wherever it lay.
    func entry(version: DocumentVersion) -> BoardEntry? {
        let text = version.text
        return entries.first { $0.version == text }
    }

    /// Writes it for the next reader; not durable, and need not be.
    func write(in journal: JournalDirectory) throws(SystemError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return }
        try journal.directory.replace(
            Board.name, with: Array(data) + [0x0A], mode: journal.mode, durable: false)
    }
}

/// What the last look found of one document.
struct BoardEntry: Codable, Equatable, Sendable {
    var name: String
    var folder: Folder
    /// Which file with which contents.
    var version: String
    /// The files that it names, with the state in which they were read.
    var files: [String: String] = [:]
    var errors: [Problem] = []
    var warnings: [Problem] = []
    /// Whether the errors, or their absence, are a judgement, and not a matter of the moment.
    var isJudged = false
    /// Whether the errors have been said.
    var isSaid = false
    var subject: String?
    var from: String?
    /// RFC 3339 in UTC; nil for a mailing that is sent at once.
    var sendAt: String?
    /// Numbers by the lists alone, for a mailing without a journal; nil if they could not be counted.
    var total: Int?
    var duplicate: Int?
    var invalid: Int?
    var suppressed: Int?
    /// Whether it has a journal.
    var hasBegun = false
    var waitingFor: String?

    /// The numbers of a mailing that has no journal; nobody, as long as its lists cannot be read.
    var counts: MailingCounts {
        MailingCounts(
            total: total ?? 0, duplicate: duplicate ?? 0, invalid: invalid ?? 0, suppressed: suppressed ?? 0)
    }

    /// RFC 3339 in UTC.
    var next: String?
    var perMinute: Double?
    var secondsLeft: Int?
}
