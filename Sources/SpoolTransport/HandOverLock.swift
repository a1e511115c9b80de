package import SpoolSystem
internal import SpoolWriting

/// The lock that every running sendmail inherits, and the note of which process groups those are.
///
/// A tick that is killed leaves its sendmails running, and they still hold the lock: the next tick sees that
/// something is being handed over, and waits. One that ends in order frees the lock for all, so that a daemon which
/// the mail system has left behind holds nobody up.
package final class HandOverLock {
    private let directory: Directory
    private let name = FileName("handover")
    /// The lock, which children inherit: they cannot write to it.
    private var lock: LockFile
    /// The same file, for the notes: what stands there is killed.
    private var notes: LockFile
    private var isHeld = false
    private var heldUpSince: Int64?
    private var killedAt: Int64?
    private let bootID = ProcessTable.bootID()

    private static let headerLength = 64
    private static let slotLength = 48
    /// As many as there can be messages under way: 64, and one report.
    static let slots = 65
    /// How long a killed process group has to let go, in microseconds.
    private static let graceAfterKill: Int64 = 2_000_000

    package init(in directory: Directory) throws(SystemError) {
        self.directory = directory
        lock = try LockFile(in: directory, name, isReadOnly: true)
        notes = try LockFile(in: directory, name)
    }

    /// What children inherit.
    var inherited: LockFile { lock }

    /// Tries to get hold of the lock; call again until it is true.
    ///
    /// A sendmail that a killed tick left behind is waited for until `timeout` has passed since the first call;
    /// then its process group is killed, if boot id and start time say that it surely is that one. What holds on
    /// even then has left the group; it is left alone, and a new file is used.
    ///
    /// - Parameters:
    ///   - now: the monotonic clock, in microseconds.
    ///   - timeout: in microseconds.
    func claim(now: Int64, timeout: Int64) throws(SystemError) -> Bool {
        if isHeld { return true }
        if try lock.take() {
            guard try lock.isInPlace(), try notes.isInPlace() else {
                try reopen()
                return false
            }
            try begin()
            return true
        }
        let since = heldUpSince ?? now
        heldUpSince = since
        if now - since < timeout { return false }
        if let killedAt {
            if now - killedAt < HandOverLock.graceAfterKill { return false }
            try directory.remove(name)
            try reopen()
            return false
        }
        for (group, start) in try recorded() {
            if let its = ProcessTable.startTime(of: group), start.contains(its) {
                ProcessTable.killGroup(group)
            }
        }
        killedAt = now
        return false
    }

    private func reopen() throws(SystemError) {
        lock = try LockFile(in: directory, name, isReadOnly: true)
        notes = try LockFile(in: directory, name)
    }

    private func begin() throws(SystemError) {
        let empty = [UInt8](repeating: 0x0A, count: HandOverLock.slotLength * HandOverLock.slots)
        var header = Array(bootID.utf8.prefix(HandOverLock.headerLength - 1))
        header += repeatElement(0x0A, count: HandOverLock.headerLength - header.count)
        try notes.write(header + empty, at: 0)
        isHeld = true
    }

    /// Notes the process group of a hand-over that has begun; there it stands until another takes its slot.
    ///
    /// The id alone would soon mean another process. Asking when this one began would cost more than all else that is
    /// done for a message, so what stands there is a span in which it did.
    ///
    /// - Parameter since: a moment before it was started, as ``ProcessTable/now()`` said.
    func record(_ group: Int32, startedSince since: UInt64, slot: Int) throws(SystemError) {
        try write("\(group) \(since) \(ProcessTable.now())", slot: slot)
    }

    private func write(_ text: String, slot: Int) throws(SystemError) {
        var bytes = Array(text.utf8.prefix(HandOverLock.slotLength - 1))
        bytes += repeatElement(0x0A, count: HandOverLock.slotLength - bytes.count)
        try notes.write(bytes, at: HandOverLock.headerLength + slot * HandOverLock.slotLength)
    }

    private func recorded() throws(SystemError) -> [(Int32, ClosedRange<UInt64>)] {
        let lines = String(decoding: try notes.contents(), as: UTF8.self).split(separator: "\n")
        guard !bootID.isEmpty, lines.first.map(String.init) == bootID else { return [] }
        return lines.dropFirst().compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count == 3, let group = Int32(parts[0]), let since = UInt64(parts[1]),
                let until = UInt64(parts[2]), since <= until
            else { return nil }
            return (group, since...until)
        }
    }

    /// Frees the lock for every process that has inherited it; for a tick that ends in order.
    func release() {
        if isHeld { lock.release() }
        isHeld = false
    }
}
