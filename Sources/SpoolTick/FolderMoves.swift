internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// Whether the folders are on the disk as they were seen: after a power cut a stopped mailing would be back in `active/`.
final class FolderMoves {
    private let spool: SpoolDirectory
    private(set) var areUnsynchronized = true

    init(_ spool: SpoolDirectory) {
        self.spool = spool
    }

    /// Somebody has moved something.
    func note() { areUnsynchronized = true }

    /// Brings what was moved to the disk; durable when it returns.
    func synchronize() throws(SystemError) {
        guard areUnsynchronized else { return }
        for folder in Folder.allCases { try spool[folder].synchronize() }
        try spool.journal.synchronize()
        areUnsynchronized = false
    }
}

/// When something other than a hand-over has to be done next.
final class Agenda {
    /// The earliest time of all since the last ``clear()``.
    private(set) var next: Timestamp?

    func clear() { next = nil }

    /// Has the tick stay for something that is to be done at a time.
    func wake(at time: Timestamp?) {
        guard let time else { return }
        next = next.map { min($0, time) } ?? time
    }
}
