package import SpoolSchedule
package import SpoolSystem

/// `journal/blocked` as whoever mails reads it, over and over: what is new in it is read each time.
///
/// For it the rule of `suppressed.txt` holds: while it is unreadable, damaged, shorter than it was, or gone although it was
/// there, nobody knows who is blocked, and nothing may be sent.
package struct BlockedJournal: Sendable {
    package static let name = FileName("blocked")

    /// Who is blocked and who has left, by the lines read so far.
    package private(set) var addresses = BlockedAddresses()
    /// What was there at the last time, for the next process; nil if there has never been any.
    package private(set) var seen: Seen?
    /// How far which file is read.
    private var reading: Seen?
    private var lines = 0
    /// What is damaged; nil if nothing. It stands until another file is there.
    private var damage: String?

    /// How much of which file was there.
    package struct Seen: Codable, Equatable, Sendable {
        /// Its inode and when that was made: a number is given to the next file as soon as its own is gone.
        let identity: String
        /// Where the last whole line ends, in bytes.
        package internal(set) var length: Int
    }

    /// Nothing is read as yet.
    ///
    /// - Parameter seen: what a process before has seen; nil if none has seen any.
    package init(seen: Seen? = nil) {
        self.seen = seen
    }

    private static let isUnsent = "until then nothing is sent"

    /// Reads what has come since the last time; what stands behind the last line feed is half a line of somebody who
    /// writes, or was killed.
    ///
    /// - Returns: why nothing may be sent, and what to do; nil if all is well.
    package mutating func update(in journal: Directory) throws(SystemError) -> String? {
        let file: File
        do throws(SystemError) {
            file = try journal.open(BlockedJournal.name)
        } catch  where error.isMissing {
            guard seen != nil else { return nil }
            return "journal/blocked is gone; put it back, or an empty file if nobody is blocked any more; "
                + BlockedJournal.isUnsent
        } catch  where error.isForbidden || error.isLink {
            return "journal/blocked cannot be read: \(error.reason); mend it; \(BlockedJournal.isUnsent)"
        }
        let status = try file.status()
        guard status.kind == .regular else {
            return "journal/blocked cannot be read: it is \(status.kind.name); put the file back; "
                + BlockedJournal.isUnsent
        }
        let identity = DocumentIdentity(status).text
        // Another file is a person's doing, who may put a shorter one there.
        if let seen, seen.identity == identity, status.size < seen.length {
            return "journal/blocked is shorter than it was; put the whole of it back from a copy; "
                + BlockedJournal.isUnsent
        }
        if reading?.identity != identity {
            self = BlockedJournal()
            reading = Seen(identity: identity, length: 0)
        }
        if damage == nil { try read(file) }
        return damage
    }

    private mutating func read(_ file: File) throws(SystemError) {
        guard var place = reading else { return }
        var next = self
        place.length = try file.forEachLine(from: place.length) { bytes, offset in
            next.lines += 1
            guard next.damage == nil else { return }
            guard let line = CheckedLine(bytes, at: offset), next.addresses.apply(line) else {
                next.damage =
                    "journal/blocked, line \(next.lines), is damaged, and nobody can tell whom it blocks; put the "
                    + "file back from a copy, or take the line out and block anew whom it may name "
                    + "(spool-returns --block); \(BlockedJournal.isUnsent)"
                return
            }
        }
        (next.reading, next.seen) = (place, place)
        self = next
    }

    /// Calls for every entry of the file, from the first on; nothing of a line that is damaged.
    package static func forEachEntry(
        in journal: Directory, _ body: (BlockedEntry, Timestamp) -> Void
    ) throws(SystemError) {
        let file: File
        do throws(SystemError) {
            file = try journal.open(name)
        } catch  where error.isMissing {
            return
        }
        try file.forEachLine { bytes, _ in
            if let line = CheckedLine(bytes), let entry = BlockedEntry(line) { body(entry, line.time) }
        }
    }
}
