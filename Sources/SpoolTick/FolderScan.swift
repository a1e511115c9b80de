internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// Looks at the folders again and again, and asks for each file of `done/` only when something has come there or gone:
/// it may hold thousands, and a look is due every second.
final class FolderScan {
    private let spool: SpoolDirectory
    private var done: (time: FileStatus.Time, contents: FolderContents)?
    /// So long after its last change a folder's time of change tells a later one from it, in milliseconds.
    private static let distinct: Int64 = 2000

    init(_ spool: SpoolDirectory) {
        self.spool = spool
    }

    /// Looks at all folders.
    func listing(at now: Timestamp) throws(SystemError) -> Listing {
        var contents: [FolderContents] = []
        for folder in Folder.allCases {
            contents.append(
                folder == .done ? try doneContents(at: now) : try FolderContents(folder, spool[folder]))
        }
        return Listing(contents)
    }

    private func doneContents(at now: Timestamp) throws(SystemError) -> FolderContents {
        // Asked before the files are: what changes meanwhile makes it another time.
        let time = try spool[.done].status().changed
        if let done, done.time == time { return done.contents }
        let contents = try FolderContents(.done, spool[.done])
        // A file with a second name elsewhere becomes a document when that one goes, and the folder does not know.
        let canChangeUnseen = !contents.obscured.isEmpty
        let isDistinct = now - Timestamp(time) > .milliseconds(FolderScan.distinct)
        done = isDistinct && !canChangeUnseen ? (time, contents) : nil
        return contents
    }
}
