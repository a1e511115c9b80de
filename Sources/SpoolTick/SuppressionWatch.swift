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
        let copy: File
        do throws(SystemError) {
            copy = try journal.directory.open(SuppressionFile.copyName)
        } catch  where error.isMissing {
            return
        }
        // A copy that cannot be understood still says that there was a file.
        if case .addresses(let kept) = try SuppressionFile.read(copy) { latest = kept }
        settled = latest
    }

    /// The addresses as of now; nil if they cannot be read, and then nobody may be mailed.
    func addresses() throws(SystemError) -> Suppression? {
        switch try SuppressionFile.find(in: root) {
        case .nothing:
            if settled != nil { return refuse(SuppressionFile.isGone, version: nil) }
            (problem, version) = (nil, nil)
        case .refused(let reason):
            return refuse(reason, version: nil)
        case .file(let file):
            let found = try file.status()
            // Read after the file was asked: what is written now must not seem to be of the future, and so settled.
            let now = surroundings.now().wall
            if DocumentVersion(found) != version {
                switch try SuppressionFile.read(file) {
                case .refused(let reason): return refuse(reason, version: DocumentVersion(found))
                case .addresses(let addresses): try take(addresses, of: file, found, at: now)
                }
            }
            if problem != nil { return nil }
            if let time = settlesAt, now >= time { try settle(file, found) }
        }
        return latest
    }

    private func refuse(_ reason: String, version: DocumentVersion?) -> Suppression? {
        problem = reason
        warning = nil
        settlesAt = nil
        self.version = version
        return nil
    }

    private func take(
        _ addresses: Suppression, of file: File, _ found: FileStatus, at now: Timestamp
    ) throws(SystemError) {
        current = addresses
        problem = nil
        warning = nil
        version = DocumentVersion(found)
        // Whoever was listed since the file last settled stays so until it settles again.
        latest = latest.union(current)
        if settled == nil { try keep(file, found) }
        let modified = Timestamp(found.modified)
        // A time ahead of the clock says nothing about when the file was written.
        settlesAt = modified > now ? now : modified + .milliseconds(SuppressionWatch.settling)
    }

    private func settle(_ file: File, _ found: FileStatus) throws(SystemError) {
        if settled == current { stamp = version?.text ?? "none" } else if try !keep(file, found) { return }
        settlesAt = nil
        latest = current
        // A line of somebody who is at it right now may be half a line, so this is said of settled contents only.
        warning = SuppressionFile.warning(about: current).map { "\($0.message); \($0.hint)" }
    }

    /// Keeps what the file holds now, for the day on which it is gone or shorter; false if it is not what was read any
    /// more, and will be read again.
    @discardableResult
    private func keep(_ file: File, _ found: FileStatus) throws(SystemError) -> Bool {
        guard
            try journal.directory.replace(
                SuppressionFile.copyName, withCopyOf: file, as: found, mode: journal.mode)
        else { return false }
        settled = current
        stamp = version?.text ?? "none"
        return true
    }
}
