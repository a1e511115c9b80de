package import SpoolSystem

/// A state folder; a mailing's state is the one its document lies in.
package enum Folder: String, CaseIterable, Codable, Sendable {
    /// Waits for its time.
    case scheduled
    /// Is being delivered.
    case active
    /// Was stopped by somebody.
    case paused
    /// Has ended.
    case done
}

/// What tells one document from another whatever its name: the inode and when that inode was made.
///
/// An inode number is given to the next file as soon as its own is gone, so without the time of birth nothing is
/// recognised.
package struct DocumentIdentity: Hashable, Sendable {
    let inode: UInt64
    package let birth: FileStatus.Time?

    init(inode: UInt64, birth: FileStatus.Time?) {
        self.inode = inode
        self.birth = birth
    }

    init(_ status: FileStatus) {
        self.init(inode: status.inode, birth: status.birth)
    }

    /// Whether both are surely the same file.
    package func isSurely(_ other: DocumentIdentity) -> Bool {
        birth != nil && self == other
    }

    /// "1234 1764010000.000000123", or "1234 -" without a time of birth.
    var text: String { text(separatedBy: " ") }

    func text(separatedBy separator: String) -> String {
        guard let birth else { return "\(inode)\(separator)-" }
        let fraction = String(birth.nanoseconds)
        let zeros = String(repeating: "0", count: 9 - fraction.utf8.count)
        return "\(inode)\(separator)\(birth.seconds).\(zeros)\(fraction)"
    }

    init?(inode: some StringProtocol, birth: some StringProtocol) {
        guard let number = UInt64(inode) else { return nil }
        self.inode = number
        if birth == "-" {
            self.birth = nil
            return
        }
        guard let time = FileStatus.Time(birth) else { return nil }
        self.birth = time
    }
}

extension FileStatus.Time {
    /// The time of seconds and nanoseconds with a dot between.
    init?(_ text: some StringProtocol) {
        guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")), let seconds = Int64(text[..<dot]),
            let nanoseconds = UInt32(text[text.utf8.index(after: dot)...])
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }
}
