internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// The addresses that are never mailed, as `suppressed.txt` has them at every moment.
///
/// Additions hold at once. A removal holds only when the file has not changed for ten seconds: a file that is being
/// rewritten is short for a moment, and must not let anybody through. For that, and to notice that the file is gone,
/// the last settled contents are kept in `journal/suppressed`, beyond the end of a tick.
final class SuppressionWatch {
    private let root: Directory
    private let journal: JournalDirectory
    private let surroundings: Surroundings
    private static let settling: Int64 = 10_000

    private var version: DocumentVersion?
    private var current = Suppression.none
    private var settled: Suppression?
    /// The addresses as they were last read.
    private(set) var latest = Suppression.none
    /// When a removal that has been seen will hold; nil if there is nothing to wait for.
    private(set) var settlesAt: Timestamp?
    /// Which settled contents hold, for what was judged by them.
    private(set) var stamp = "none"
    /// What a person should know of the settled contents; nil if nothing.
    private(set) var warning: String?
    /// Why nothing may be sent; nil while all is well.
    private(set) var problem: String?

    init(root: Directory, journal: JournalDirectory, in surroundings: Surroundings) throws(SystemError) {
        self.root = root
        self.journal = journal
        self.surroundings = surroundings
        do throws(SystemError) {
            let copy = try journal.directory.open(SuppressionFile.copyName)
            let kept = Suppression(parsing: try copy.contents(limit: SuppressionFile.sizeLimit))
            settled = kept
            latest = kept
        } catch  where error.isMissing {
            settled = nil
        }
    }

    /// The addresses as of now; nil if they cannot be read, and then nobody may be mailed.
    func addresses() throws(SystemError) -> Suppression? {
        let found: FileStatus?
        do throws(SystemError) {
            found = try statusFollowingLink()
        } catch  where error.isForbidden || error.leadsOut {
            return refuse(SuppressionFile.isUnreadable(error))
        }
        guard let found else {
            if settled == nil {
                problem = nil
                return latest
            }
            return refuse(SuppressionFile.isGone)
        }
        // Read after the file was asked: what is written now must not seem to be of the future, and so settled.
        let now = surroundings.now().wall
        if DocumentVersion(found) != version || problem != nil {
            guard try read(found, at: now) else { return nil }
        }
        if let time = settlesAt, now >= time { try settle() }
        problem = nil
        return latest
    }

    private func statusFollowingLink() throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try root.open(SuppressionFile.name, followingLink: true).status()
        } catch  where error.isMissing {
            return nil
        }
    }

    private func refuse(_ reason: String) -> Suppression? {
        problem = reason
        warning = nil
        version = nil
        return nil
    }

    private func read(_ found: FileStatus, at now: Timestamp) throws(SystemError) -> Bool {
        let bytes: [UInt8]
        do throws(SystemError) {
            if found.kind != .regular { throw .notRegular(SuppressionFile.name.string, found.kind) }
            bytes = try root.open(SuppressionFile.name, followingLink: true).contents(
                limit: SuppressionFile.sizeLimit)
        } catch  where error.isForbidden || found.kind != .regular {
            _ = refuse(SuppressionFile.isUnreadable(error))
            return false
        }
        current = Suppression(parsing: bytes)
        warning = nil
        text = bytes
        version = DocumentVersion(found)
        // Whoever was listed since the file last settled stays so until it settles again.
        latest = latest.union(current)
        if settled == nil { try keep() }
        let modified = Timestamp(found.modified)
        // A time ahead of the clock says nothing about when the file was written.
        settlesAt = modified > now ? now : modified + .milliseconds(SuppressionWatch.settling)
        return true
    }

    private var text: [UInt8] = []

    private func settle() throws(SystemError) {
        settlesAt = nil
        latest = current
        warning = SuppressionWatch.warning(about: current.badLines)
        if settled == current { stamp = version?.text ?? "none" } else { try keep() }
        text = []
    }

    /// Keeps what the file holds now, for the day on which it is gone or shorter.
    private func keep() throws(SystemError) {
        settled = current
        stamp = version?.text ?? "none"
        try journal.directory.replace(
            SuppressionFile.copyName, with: text, mode: journal.mode, durable: true)
    }

    /// A line of somebody who is at it right now may be half a line, so this is said of settled contents only.
    private static func warning(about bad: RowNumbers) -> String? {
        switch bad.count {
        case 0: nil
        case 1:
            "suppressed.txt: \(bad.text("line", "lines")) holds no address and no @domain and so suppresses nobody; "
                + "correct or remove it"
        default:
            "suppressed.txt: \(bad.text("line", "lines")) hold no address and no @domain and so suppress nobody; "
                + "correct or remove them"
        }
    }
}
