internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// Looks at the folders again and again, and says what lies where and what that means.
///
/// Each file of `done/` is asked for only when something has come there or gone: it may hold thousands, and a look is due
/// every second.
final class FolderScan {
    private let spool: SpoolDirectory
    private var done: (time: FileStatus.Time, contents: FolderContents)?
    /// So long after its last change a folder's time of change tells a later one from it, in milliseconds.
    private static let distinct: Int64 = 2000

    init(_ spool: SpoolDirectory) {
        self.spool = spool
    }

    /// What lies where, and which document is which mailing's.
    struct Sight {
        let listing: Listing
        let lifecycle: Lifecycle
    }

    /// The last sight and the state of the registry that it was judged by.
    private var last: (sight: Sight, changes: Int)?

    /// Looks at the folders until nobody is seen twice or missed because it was moved while we looked.
    ///
    /// - Parameters:
    ///   - pause: called again and again, where there are thousands of documents.
    ///   - resemblance: see ``Lifecycle``.
    func look(
        _ registry: MailingRegistry, at now: Timestamp, pausing pause: () throws(SystemError) -> Void = {},
        resemblance: (DocumentVersion) -> Lifecycle.Resemblance? = { _ in .unrelated }
    ) throws(SystemError) -> Sight {
        var listing = try listing(at: now, pausing: pause)
        for _ in 0..<2 where listing != last?.sight.listing && isDoubtful(listing, registry) {
            Clock.sleep(milliseconds: 15)
            listing = try self.listing(at: now, pausing: pause)
        }
        try pause()
        if let last, last.sight.listing == listing, last.changes == registry.changes { return last.sight }
        let lifecycle = try Lifecycle(
            documents: listing.documents, histories: registry.all, obscured: listing.obscured,
            resemblance: resemblance, pausing: pause)
        let sight = Sight(listing: listing, lifecycle: lifecycle)
        last = (sight, registry.changes)
        return sight
    }

    private func isDoubtful(_ listing: Listing, _ registry: MailingRegistry) -> Bool {
        if !listing.halfMoves.isEmpty { return true }
        var identities: Set<DocumentIdentity> = []
        var names: Set<FileName> = []
        for document in listing.documents {
            if !identities.insert(document.identity).inserted { return true }
            if document.folder != .done, document.folder != .scheduled, !names.insert(document.name).inserted
            {
                return true
            }
        }
        return registry.all.contains { _, history in
            !history.isGone && !identities.contains(history.identity)
        }
    }

    /// Looks at all folders.
    func listing(
        at now: Timestamp, pausing pause: () throws(SystemError) -> Void = {}
    ) throws(SystemError) -> Listing {
        var contents: [FolderContents] = []
        for folder in Folder.allCases {
            contents.append(
                folder == .done
                    ? try doneContents(at: now, pausing: pause)
                    : try FolderContents(folder, spool[folder], pausing: pause))
        }
        return Listing(contents)
    }

    private func doneContents(
        at now: Timestamp, pausing pause: () throws(SystemError) -> Void
    ) throws(SystemError) -> FolderContents {
        // Asked before the files are: what changes meanwhile makes it another time.
        let time = try spool[.done].status().changed
        if let done, done.time == time { return done.contents }
        let contents = try FolderContents(.done, spool[.done], pausing: pause)
        // A file with a second name elsewhere becomes a document when that one goes, and the folder does not know.
        let canChangeUnseen = !contents.obscured.isEmpty
        let isDistinct = now - Timestamp(time) > .milliseconds(FolderScan.distinct)
        done = isDistinct && !canChangeUnseen ? (time, contents) : nil
        return contents
    }
}
