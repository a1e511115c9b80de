internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// What a tick knows of one version of a document.
struct DocumentState {
    /// What the board says of it; its errors and numbers.
    var entry: DocumentSnapshot
    /// What it was examined into, for a mailing that is to be delivered now.
    var examination: Examination?
    var isBeingExamined = false
    /// When to look again: a document half written, or a file that it names still changing.
    var examineAgainAt: Timestamp?
    /// Whether a file that it names holds it.
    var isHeldByFile = false

    /// Whether it has been judged, by this tick or an earlier one.
    var isJudged = false
    var isRefused: Bool { !entry.errors.isEmpty }
    /// Why it cannot be said which mailing it is; goes before its own errors.
    var conflict: Diagnostic?
    /// The problems that have been said of this version.
    var said: [Diagnostic] = []
    /// What keeps it from being sent.
    var problems: [Diagnostic] { conflict.map { [$0] } ?? entry.errors }
    /// By what it was judged.
    var judgedBy = ""
    var sendAt: Timestamp? { entry.sendAt.flatMap(Timestamp.init(text:)) }

    /// Takes in what an examination has found.
    mutating func take(_ found: Examination) {
        examineAgainAt = found.againAt
        isHeldByFile = found.isHeldByFile
        // Errors that stand as they stood are not said again, unless a file that they may be about has changed.
        if entry.files != found.files { said = [] }
        entry.files = found.files
        entry.errors = found.errors
        entry.warnings = found.warnings
        entry.subject = found.title.subject
        entry.from = found.title.from
        entry.sendAt = found.title.sendAt
        entry.total = found.summary?.rows
        entry.duplicate = found.summary?.duplicates
        entry.invalid = found.summary?.invalid
        entry.suppressed = found.summary?.suppressed
        isJudged = found.againAt == nil
        examination = found.content == nil ? nil : found
    }

    /// Notes errors that only the delivery has found.
    mutating func refuse(_ problems: [Diagnostic]) {
        entry.errors = problems
        isJudged = true
    }
}
