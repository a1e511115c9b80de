internal import Glibc
package import SpoolSystem

extension Directory {
    /// Moves an entry, and never onto an existing one (renameat2(2) with RENAME_NOREPLACE).
    ///
    /// Where the file system does not know that flag (EINVAL: some network and user-space file systems) the file
    /// is linked to its new name and then unlinked from the old. If the old name has gone meanwhile, somebody else
    /// has moved the file, and the link is undone. A crash between the two leaves one file under both names with
    /// two links; whoever finds that finishes the move. The new name is durable after `synchronize()` of both.
    ///
    /// - Throws: EEXIST if the target exists, ENOENT if the source does not.
    package func move(_ name: FileName, to target: Directory, as newName: FileName) throws(SystemError) {
        do throws(SystemError) {
            try systemCall(.rename, path(of: name)) {
                name.withCString { old in
                    newName.withCString { new in
                        renameat2(
                            descriptor.number, old, target.descriptor.number, new, UInt32(RENAME_NOREPLACE))
                    }
                }
            }
        } catch  where error.code == EINVAL || error.code == ENOSYS {
            try linkAndUnlink(name, to: target, as: newName)
        }
    }

    /// A move where there is no RENAME_NOREPLACE.
    private func linkAndUnlink(
        _ name: FileName, to target: Directory, as newName: FileName
    ) throws(SystemError) {
        try systemCall(.link, path(of: name)) {
            name.withCString { old in
                newName.withCString { new in
                    linkat(descriptor.number, old, target.descriptor.number, new, 0)
                }
            }
        }
        if try remove(name) { return }
        try target.remove(newName)
        throw SystemError(call: "rename", path: path(of: name), code: ENOENT)
    }

    /// Makes a file with contents; false if something of the name exists, which stays as it is.
    ///
    /// The file appears as a whole, and its contents are on the disk before its name is.
    @discardableResult
    package func create(_ name: FileName, with bytes: [UInt8], mode: UInt32) throws(SystemError) -> Bool {
        if try status(of: name) != nil { return false }
        let temporary = FileName("." + name.string + ".new")
        let file = try AppendFile(in: self, temporary, mode: mode, isNew: true)
        try file.append(bytes)
        try file.synchronize()
        do throws(SystemError) {
            try move(temporary, to: self, as: name)
            return true
        } catch  where error.isOccupied {
            try remove(temporary)
            return false
        }
    }

    /// Replaces an entry as a whole: readers find the old contents or the new, never a part.
    ///
    /// The bytes go into a temporary dotfile first. With `durable` the contents are on the disk before the name
    /// is, and the name when this returns; without it a power cut may leave the old contents or an empty file.
    ///
    /// - Parameter isShared: others may write into the directory, and to the same entry at once. Then the dotfile has a
    ///   name that nobody can guess, and what fails leaves none behind.
    package func replace(
        _ name: FileName, with bytes: [UInt8], mode: UInt32, durable: Bool, isShared: Bool = false
    ) throws(SystemError) {
        let middle = isShared ? ".\(String(UInt64.random(in: 0...(.max)), radix: 36))" : ""
        let temporary = FileName(
            bytes: Array(".".utf8) + name.bytes.prefix(200) + Array("\(middle).new".utf8))
        let file = try AppendFile(in: self, temporary, mode: mode, isNew: true, mayTakeAway: !isShared)
        do throws(SystemError) {
            try file.append(bytes)
            if durable { try file.synchronize() }
            try rename(temporary, over: name)
        } catch {
            if isShared { _ = try? remove(temporary) }
            throw error
        }
        if durable { try synchronize() }
    }

    /// Replaces an entry by a copy of a file, likewise and durably; false if the file has been written to since it had
    /// a status, and then the entry is as it was.
    package func replace(
        _ name: FileName, withCopyOf original: File, as seen: FileStatus, mode: UInt32
    ) throws(SystemError) -> Bool {
        let temporary = FileName("." + name.string + ".new")
        let copy = try AppendFile(in: self, temporary, mode: mode, isNew: true)
        var offset = 0
        while true {
            let part = try original.contents(from: offset, limit: 1 << 20)
            if part.isEmpty { break }
            try copy.append(part)
            offset += part.count
        }
        try copy.synchronize()
        let now = try original.status()
        guard now.size == seen.size, now.modified == seen.modified, offset == Int(now.size) else {
            try remove(temporary)
            return false
        }
        try rename(temporary, over: name)
        try synchronize()
        return true
    }

    private func rename(_ temporary: FileName, over name: FileName) throws(SystemError) {
        try systemCall(.rename, path(of: temporary)) {
            temporary.withCString { old in
                name.withCString { new in renameat(descriptor.number, old, descriptor.number, new) }
            }
        }
    }
}
