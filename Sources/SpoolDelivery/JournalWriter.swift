package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import SpoolWriting

/// The end of a journal that a tick writes to. There is one a mailing, under the tick's lock.
///
/// What a line means is ``JournalLine``'s business; here it is brought to the disk. ``write()`` makes lines outlive
/// a kill of this process, ``synchronize()`` a power cut.
package final class JournalWriter {
    package let name: FileName
    private let file: AppendFile
    private var soundLength: Int
    private var reserved: Int
    private var pending: [UInt8] = []
    package private(set) var isUnsynchronized = false
    private var hasFailed = false

    /// Bytes kept free on the disk behind the end, so that the outcome of what was handed over can be written on
    /// a disk that has become full meanwhile.
    private static let reserve = 1 << 16

    /// Opens a journal for appending; a torn tail behind `soundLength` is cut off before anything is appended.
    package init(in directory: Directory, _ name: FileName, mode: UInt32, soundLength: Int)
        throws(SystemError)
    {
        self.name = name
        self.soundLength = soundLength
        reserved = soundLength
        file = try AppendFile(in: directory, name, mode: mode)
        if Int(try file.status().size) > soundLength { try file.truncate(to: soundLength) }
    }

    /// Whether lines wait to be written.
    package var hasPending: Bool { !pending.isEmpty }

    /// Adds a line to what the next ``write()`` brings out.
    package func add(_ event: JournalEvent, _ fields: String, at time: Timestamp) {
        JournalLine.write(event, fields, at: time, to: &pending)
    }

    /// Makes sure that the disk has room for the lines pending and for the outcomes that will follow them.
    package func reserveRoom() throws(SystemError) {
        let needed = soundLength + pending.count + JournalWriter.reserve / 2
        if needed > reserved {
            reserved = soundLength + pending.count + JournalWriter.reserve
            try file.reserve(from: soundLength, to: reserved)
        }
    }

    /// Writes the pending lines: they outlive this process when it returns.
    ///
    /// A write that fails half way leaves a part of a line; it is cut off, and the lines are written once more,
    /// because an outcome that is not written down is a second copy to somebody.
    package func write() throws(SystemError) {
        if pending.isEmpty { return }
        do throws(SystemError) {
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
    package func synchronize() throws(SystemError) {
        try write()
        if !isUnsynchronized { return }
        // Whatever it answers: a second call would say that all is well.
        isUnsynchronized = false
        try file.synchronize()
    }

    /// Gives back the room that was kept free.
    package func close() throws(SystemError) {
        if reserved > soundLength { try file.truncate(to: soundLength) }
    }
}
