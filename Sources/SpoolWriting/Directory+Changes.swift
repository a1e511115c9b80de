internal import Glibc
package import SpoolSystem

extension Directory {
    /// Opens a directory, making it and the ones above it if they are not there (mkdir(2)).
    package convenience init(makingAt path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made == "/" ? "" : "/") + part
            do throws(SystemError) {
                try systemCall(.mkdir, made) { mkdir(made, 0o755) }
            } catch  where error.code == EEXIST {
                continue
            }
        }
        try self.init(path: path)
    }

    /// Makes a directory below this one; false if something of the name exists already (mkdirat(2)).
    package func makeDirectory(_ name: String, mode: UInt32) throws(SystemError) -> Bool {
        let whole = "\(path)/\(name)"
        do throws(SystemError) {
            try systemCall(.mkdir, whole) { mkdirat(descriptor.number, name, mode) }
        } catch  where error.code == EEXIST {
            return false
        }
        // The umask must not decide who may read the journal.
        try systemCall(.chmod, whole) { fchmodat(descriptor.number, name, mode, 0) }
        return true
    }

    /// Gives an entry, or the directory itself as `.`, to a group of this user's, and then its mode, which may be one with
    /// the group's own bit (fchownat(2), fchmodat(2)).
    package func give(_ name: String, to group: UInt32, mode: UInt32) throws(SystemError) {
        let whole = name == "." ? path : "\(path)/\(name)"
        try systemCall(.chown, whole) {
            fchownat(descriptor.number, name, uid_t.max, group, AT_SYMLINK_NOFOLLOW)
        }
        try systemCall(.chmod, whole) { fchmodat(descriptor.number, name, mode, 0) }
    }

    /// Writes the directory's entries to the disk: what was renamed, made or removed in it before this call is
    /// durable when it returns (fsync(2)). A failure is final; never call again for the same change.
    package func synchronize() throws(SystemError) {
        try systemCall(.fsync, path) { fsync(descriptor.number) }
    }

    /// Removes a file; false if there is none (unlinkat(2)).
    @discardableResult
    package func remove(_ name: FileName) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try systemCall(.unlink, path(of: name)) {
                name.withCString { unlinkat(descriptor.number, $0, 0) }
            }
            return true
        } catch  where error.code == ENOENT {
            return false
        }
    }
}
