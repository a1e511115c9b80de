internal import Glibc

/// What statx(2) says of a file.
package struct FileStatus: Equatable, Sendable {
    /// What kind of object it is.
    package enum Kind: Equatable, Sendable {
        /// A regular file.
        case regular
        /// A directory.
        case directory
        /// A symbolic link.
        case symbolicLink
        /// A FIFO, or named pipe.
        case fifo
        /// A socket.
        case socket
        /// A character or block device.
        case device

        /// What people call it.
        package var name: String {
            switch self {
            case .regular: "a file"
            case .directory: "a directory"
            case .symbolicLink: "a symbolic link"
            case .fifo: "a FIFO"
            case .socket: "a socket"
            case .device: "a device"
            }
        }
    }

    /// A point of the file system's clock.
    package struct Time: Hashable, Sendable {
        /// Seconds since 1970 UTC.
        package let seconds: Int64
        /// Nanoseconds of the second.
        package let nanoseconds: UInt32

        /// Makes a time.
        package init(seconds: Int64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        init(_ time: statx_timestamp) {
            seconds = Int64(time.tv_sec)
            nanoseconds = time.tv_nsec
        }
    }

    /// The number of the file; reused at once after its file is gone.
    package let inode: UInt64
    /// When the inode was made; nil where the file system does not say.
    package let birth: Time?
    /// When the contents were last written (mtime).
    package let modified: Time
    /// When anything of the inode last changed (ctime); a rename changes it.
    package let changed: Time
    /// Bytes.
    package let size: Int64
    /// The kind of object.
    package let kind: Kind
    /// Hard links.
    package let links: UInt32
    /// Permission bits, at most 0o7777.
    package let mode: UInt32
    /// The owner's user id.
    package let owner: UInt32
    /// The id of the group.
    package let group: UInt32

    /// A regular file of a private user's, for a judgement that no real file stands behind.
    init(inode: UInt64, birth: Time?, modified: Time, size: Int64) {
        (self.inode, self.birth, self.modified, self.changed, self.size) = (
            inode, birth, modified, modified, size
        )
        (kind, links, mode, owner, group) = (.regular, 1, 0o600, 0, 0)
    }

    init(_ raw: statx) {
        inode = raw.stx_ino
        birth = raw.stx_mask & UInt32(STATX_BTIME) != 0 ? Time(raw.stx_btime) : nil
        modified = Time(raw.stx_mtime)
        changed = Time(raw.stx_ctime)
        size = Int64(bitPattern: raw.stx_size)
        kind =
            switch UInt32(raw.stx_mode) & UInt32(S_IFMT) {
            case UInt32(S_IFREG): .regular
            case UInt32(S_IFDIR): .directory
            case UInt32(S_IFLNK): .symbolicLink
            case UInt32(S_IFIFO): .fifo
            case UInt32(S_IFSOCK): .socket
            default: .device
            }
        links = raw.stx_nlink
        mode = UInt32(raw.stx_mode) & 0o7777
        owner = raw.stx_uid
        group = raw.stx_gid
    }

    /// Asks statx(2) for an open descriptor.
    package init(
        of descriptor: borrowing Descriptor, path: @autoclosure () -> String
    ) throws(SystemError) {
        let number = descriptor.number
        self.init(
            try FileStatus.ask(path()) { mask, raw in statx(number, "", AT_EMPTY_PATH, mask, raw) })
    }

    /// Asks statx(2) for an entry of a directory, without following a symbolic link.
    init(of name: FileName, in directory: Directory) throws(SystemError) {
        self.init(
            try FileStatus.ask(directory.path(of: name)) { mask, raw in
                name.withCString { name in
                    statx(directory.descriptor.number, name, AT_SYMLINK_NOFOLLOW, mask, raw)
                }
            })
    }

    /// Asks statx(2) for what a path leads to.
    package init(ofPath path: String) throws(SystemError) {
        self.init(try FileStatus.ask(path) { mask, raw in statx(AT_FDCWD, path, 0, mask, raw) })
    }

    private static func ask(
        _ path: @autoclosure () -> String, _ ask: (UInt32, UnsafeMutablePointer<statx>) -> Int32
    ) throws(SystemError) -> statx {
        var raw = statx()
        let mask = UInt32(STATX_BASIC_STATS) | UInt32(STATX_BTIME)
        try systemCall(.statx, path()) { ask(mask, &raw) }
        return raw
    }
}
