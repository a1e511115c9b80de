/// What a line of a journal says has happened. The raw value is the word in the line, at most eight letters.
package enum JournalEvent: String, CaseIterable, Sendable {
    /// A recipient's message is about to be handed over: `try ADDRESS ATTEMPT FROM-STATE`.
    case attempt = "try"
    /// The mail system accepted it: `sent ADDRESS REPLY`.
    case sent
    /// Not now: `deferred ADDRESS RETRY-TIME VERDICT STATUS REPLY`.
    case deferred
    /// Refused for good: `failed ADDRESS STATUS REPLY`.
    case failed
    /// Handed over, outcome unknown: `in-doubt ADDRESS RETRY-TIME CAUSE`.
    case inDoubt = "in-doubt"
    /// The announced hand-over did not happen: `withdrew ADDRESS TO-STATE`.
    case withdrew
    /// A deferral that was the mail system's fault and does not count: `excused ADDRESS VERDICT`, and `first` behind it
    /// if no earlier one counts.
    case excused
    /// A deferred recipient is not tried again: `gave-up ADDRESS REPLY`.
    case gaveUp = "gave-up"
    /// A person has said what became of a recipient in doubt: `resolved ADDRESS sent|resend`.
    case resolved
    /// A recipient is not mailed: `skipped ADDRESS FROM-STATE REASON`.
    case skipped
    /// The first line: `journal VERSION MAILING-ID`.
    case opened = "journal"
    /// Where the document lies and which file it is: `document FOLDER INODE BIRTH NAME`.
    case document
    /// The content that recipients get from here on: `revision HASH`.
    case revision
    /// What people call the mailing: `about JSON`.
    case about
    /// The numbers and everything else that a reader of the tail needs: `counts KEY=VALUE…`.
    case counts
    /// Nobody further is mailed: `closed finished|cancelled|forgotten`.
    case closed
    /// A mailing that had ended goes on: `reopened again|edited`.
    case reopened
    /// What became of the report on how the mailing finished: `report WORD …`, see ``CompletionReportEvent``.
    case report

    /// The word as one number, first letter lowest.
    private static let words: [(word: UInt64, event: JournalEvent)] = allCases.map { event in
        (pack(Array(event.rawValue.utf8).withUnsafeBytes { Array($0) }), event)
    }

    private static func pack(_ bytes: [UInt8]) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The event of a word; nil if no event has it.
    package static func named(_ word: UnsafeRawBufferPointer) -> JournalEvent? {
        guard word.count <= 8 else { return nil }
        var packed: UInt64 = 0
        for byte in word.reversed() { packed = packed << 8 | UInt64(byte) }
        for entry in words where entry.word == packed { return entry.event }
        return nil
    }

    /// Whether the first field of the line is a recipient's address.
    package var isAboutRecipient: Bool {
        switch self {
        case .attempt, .sent, .deferred, .failed, .inDoubt, .withdrew, .excused, .gaveUp, .resolved, .skipped:
            true
        case .opened, .document, .revision, .about, .counts, .closed, .reopened, .report: false
        }
    }
}
