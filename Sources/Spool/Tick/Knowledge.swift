internal import SpoolSystem

/// What a tick knows of one version of a document.
struct Knowledge {
    /// What the board says of it; its errors and numbers.
    var entry: BoardEntry
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
    var sendAt: Timestamp? { entry.sendAt.flatMap(Timestamp.init(text:)) }
}
