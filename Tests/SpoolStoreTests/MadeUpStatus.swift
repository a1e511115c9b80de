@testable import SpoolSystem

/// A file's status as a test wants it.
struct MadeUpStatus {
    var inode: UInt64
    var hasBirth = true

    var status: FileStatus {
        let time = FileStatus.Time(seconds: 1_000, nanoseconds: UInt32(inode))
        return FileStatus(inode: inode, birth: hasBirth ? time : nil, modified: time, size: 10)
    }
}
