internal import Glibc
package import SpoolSystem

extension Directory {
    /// Opens a directory, making it and the ones above it if they are not there (mkdir(2)).
    package convenience init(makingAt path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made == "/" ? "" : "/") + part
            if mkdir(made, 0o755) != 0 && errno != EEXIST { throw .last("mkdir", made) }
        }
        try self.init(path: path)
    }

    /// Makes a directory below this one; false if something of the name exists already (mkdirat(2)).
    package func makeDirectory(_ name: String, mode: UInt32) throws(SystemError) -> Bool {
        if mkdirat(descriptor.number, name, mode) == 0 {
            // The umask must not decide who may read the journal.
            if fchmodat(descriptor.number, name, mode, 0) != 0 { throw .last("chmod", "\(path)/\(name)") }
            return true
        }
        if errno == EEXIST { return false }
        throw .last("mkdir", "\(path)/\(name)")
    }

    /// Writes the directory's entries to the disk: what was renamed, made or removed in it before this call is
    /// durable when it returns (fsync(2)). A failure is final; never call again for the same change.
    package func synchronize() throws(SystemError) {
        if fsync(descriptor.number) != 0 { throw .last("fsync", path) }
    }

    /// Removes a file; false if there is none (unlinkat(2)).
    @discardableResult
    package func remove(_ name: FileName) throws(SystemError) -> Bool {
        if name.withCString({ unlinkat(descriptor.number, $0, 0) }) == 0 { return true }
        if errno == ENOENT { return false }
        throw .last("unlink", path(of: name))
    }
}
