internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
package import SpoolSystem
internal import SpoolWriting

/// The end of a journal that a tick writes to. There is one a mailing, under the tick's lock.
///
/// What a line means is ``JournalLine``'s business; here it is brought to the disk. ``write()`` makes lines outlive
/// a kill of this process, ``synchronize()`` a power cut.
package final class JournalWriter {
    private let directory: Directory
    private let name: FileName
    private let mode: UInt32
    /// Nil while it rests.
    private var file: AppendFile?
    /// Where the last line that was written ends.
    private(set) var soundLength: Int
    private var reserved: Int
    private var pending: [UInt8] = []
    private(set) var isUnsynchronized = false
    private var hasFailed = false
    /// Why a sync has failed: what it was to bring out may be lost, and no later one would say so.
    private var lost: SystemError?
    /// How many attempts were issued, and how many of them are on the disk.
    private var issued = 0
    private var durable = 0

    /// Bytes kept free on the disk behind the end, so that the outcome of what was handed over can be written on
    /// a disk that has become full meanwhile.
    private static let reserve = 1 << 16

    /// Opens a journal for appending; a torn tail behind `soundLength` is cut off before anything is appended.
    init(in directory: Directory, _ name: FileName, mode: UInt32, soundLength: Int)
        throws(SystemError)
    {
        self.directory = directory
        self.name = name
        self.mode = mode
        self.soundLength = soundLength
        reserved = soundLength
        let file = try AppendFile(in: directory, name, mode: mode)
        if Int(try file.status().size) > soundLength { try file.truncate(to: soundLength) }
        self.file = file
    }

    /// The open file; after a rest it has to be what it was.
    private func opened() throws(SystemError) -> AppendFile {
        if let file { return file }
        guard let status = try directory.status(of: name) else { throw .missing(directory.path(of: name)) }
        guard status.size == soundLength else { throw .stale(directory.path(of: name)) }
        let file = try AppendFile(in: directory, name, mode: mode)
        self.file = file
        return file
    }

    /// Sees to it that what is announced next can be written: that there is a descriptor for it, and not one of the last.
    func open() throws(SystemError) {
        if file != nil { return }
        if try opened().isLastResort {
            file = nil
            throw .noDescriptors(directory.path(of: name))
        }
    }

    /// Closes the file until something is to be written again; all that was written is on the disk before.
    package func rest() throws(SystemError) {
        guard file != nil, pending.isEmpty else { return }
        try synchronize()
        try close()
    }

    /// Whether lines wait to be written.
    package var hasPending: Bool { !pending.isEmpty }

    /// Adds a line to what the next ``write()`` brings out.
    func add(_ entry: JournalEntry, at time: Timestamp) {
        JournalLine.write(entry, at: time, to: &pending)
    }

    /// Writes down that a message is about to be handed over; with this, and once it is on the disk, it may be.
    func announce(
        _ subject: Attempt.Subject, number: Int, from state: RecipientState, at time: Timestamp
    ) -> Attempt {
        add(subject.entry(.attempt(number: number, from: state)), at: time)
        issued += 1
        return Attempt(subject: subject, serial: issued)
    }

    /// Writes down what came of an attempt, and uses it up. One that is dropped without this leaves its intent without
    /// an outcome, and its recipient in doubt.
    func conclude(_ attempt: consuming Attempt, _ event: RecipientEvent, at time: Timestamp) {
        add(attempt.subject.entry(event), at: time)
    }

    /// Whether the intent of an attempt is on the disk, so that its message may be handed over.
    func isDurable(_ attempt: borrowing Attempt) -> Bool { attempt.serial <= durable }

    /// Makes sure that the disk has room for the lines pending and for the outcomes that will follow them.
    func reserveRoom() throws(SystemError) {
        let needed = soundLength + pending.count + JournalWriter.reserve / 2
        if needed > reserved {
            reserved = soundLength + pending.count + JournalWriter.reserve
            try opened().reserve(from: soundLength, to: reserved)
        }
    }

    /// Writes the pending lines: they outlive this process when it returns.
    ///
    /// A write that fails half way leaves a part of a line; it is cut off, and the lines are written once more,
    /// because an outcome that is not written down is a second copy to somebody.
    package func write() throws(SystemError) {
        if pending.isEmpty { return }
        do throws(SystemError) {
            let file = try opened()
            if hasFailed { try file.truncate(to: soundLength) }
            try file.append(pending)
        } catch {
            let isFirst = !hasFailed
            hasFailed = true
            if isFirst { try? write() }
            throw error
        }
        hasFailed = false
        soundLength += pending.count
        pending.removeAll(keepingCapacity: true)
        isUnsynchronized = true
    }

    /// Writes the pending lines and waits until they are on the disk.
    ///
    /// A failure is final. The lines are still written when it is asked again, and nothing counts as durable any more.
    package func synchronize() throws(SystemError) {
        try write()
        guard isUnsynchronized else { return }
        if let lost { throw lost }
        do throws(SystemError) {
            try opened().synchronize()
        } catch {
            lost = error
            throw error
        }
        isUnsynchronized = false
        durable = issued
    }

    /// Closes the file, and gives back the room that was kept free.
    func close() throws(SystemError) {
        if reserved > soundLength { try opened().truncate(to: soundLength) }
        reserved = soundLength
        file = nil
    }
}

/// The right to hand one message over once, to one recipient or as a report.
///
/// Only a journal issues these, when it has taken the intent down, and only what came of it uses one up: a ``HandOver``
/// without its intent in the journal, or one intent with two outcomes, does not compile. That the intent is on the disk
/// before the message leaves is for ``Dispatcher`` and ``CompletionReportAttempt`` to see to.
struct Attempt: ~Copyable {
    /// To whom.
    enum Subject {
        /// By the normalised address.
        case recipient(String)
        case report

        fileprivate func entry(_ event: RecipientEvent) -> JournalEntry {
            switch self {
            case .recipient(let address): .recipient(address, event)
            case .report: .report(.progress(event))
            }
        }
    }

    fileprivate let subject: Subject
    fileprivate let serial: Int

    fileprivate init(subject: Subject, serial: Int) {
        self.subject = subject
        self.serial = serial
    }
}
