internal import Glibc

/// An open directory: every call on its entries goes through the descriptor, so that renaming the directory
/// or its parents in the middle changes nothing.
package final class Directory: Sendable {
    package let descriptor: Descriptor
    /// Where it was opened, for messages.
    package let path: String

    /// Opens a directory by its path; a symbolic link is followed (open(2)).
    package init(path: String) throws(SystemError) {
        self.path = path
        let number = try systemCall(.open, path) { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        descriptor = Descriptor(owning: number)
    }

    private init(_ descriptor: consuming Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Whose a directory is, also if it cannot be opened; nil if there is none (statx(2)).
    package static func owner(ofPath path: String) throws(SystemError) -> UInt32? {
        do throws(SystemError) {
            return try FileStatus(ofPath: path).owner
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Where the directory is now, from the root.
    package var absolutePath: String {
        guard let bytes = try? Directory.truePath(of: descriptor.number, for: path) else { return path }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The path of an entry, for messages.
    package func path(of name: FileName) -> String { "\(path)/\(name.string)" }

    /// Opens a directory below this one; a symbolic link is refused with ELOOP.
    package func directory(_ name: String) throws(SystemError) -> Directory {
        let whole = "\(path)/\(name)"
        do throws(SystemError) {
            let number = try systemCall(.open, whole) {
                openat(descriptor.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            return Directory(Descriptor(owning: number), path: whole)
        } catch  where error.code == ENOTDIR {
            // To the kernel a link is no directory before it is anything else.
            let isLink = try status(of: FileName(name))?.kind == .symbolicLink
            throw isLink ? SystemError(call: error.call, path: whole, code: ELOOP) : error
        }
    }

    /// The names of all entries but `.` and `..`, in no order (readdir(3)).
    package func names() throws(SystemError) -> [FileName] {
        guard let stream = try stream() else { return [] }
        defer { closedir(stream) }
        var names: [FileName] = []
        while true {
            var entry: UnsafeMutablePointer<dirent>?
            try systemCall(.readdir, path) {
                errno = 0
                entry = readdir(stream)
                return entry == nil && errno != 0 ? -1 : 0
            }
            guard let name = entry?.name else { return names }
            let bytes = UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) }
            if bytes != [0x2E], bytes != [0x2E, 0x2E] { names.append(FileName(bytes: bytes)) }
        }
    }

    /// A stream of the entries with a place of its own; optional only as the C function has it.
    private func stream() throws(SystemError) -> OpaquePointer? {
        let number = try systemCall(.open, path) {
            openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        var stream: OpaquePointer?
        do throws(SystemError) {
            try systemCall(.opendir, path) {
                stream = fdopendir(number)
                return stream == nil ? -1 : 0
            }
            return stream
        } catch {
            // Only a stream takes the descriptor over.
            close(number)
            throw error
        }
    }

    /// What an entry is, without following a symbolic link; nil if there is none (statx(2)).
    package func status(of name: FileName) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try FileStatus(of: name, in: self)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// What the directory itself is.
    package func status() throws(SystemError) -> FileStatus {
        try FileStatus(of: descriptor, path: path)
    }

    /// Opens an entry for reading, never blocking on a FIFO; the caller checks what kind it is.
    ///
    /// Without `followingLink` a symbolic link is refused with ELOOP.
    package func open(_ name: FileName, followingLink: Bool = false) throws(SystemError) -> File {
        let flags = O_NOCTTY | O_CLOEXEC | (followingLink ? 0 : O_NOFOLLOW)
        func open(_ access: Int32) throws(SystemError) -> Descriptor {
            Descriptor(
                owning: try systemCall(.open, path(of: name)) {
                    name.withCString { openat(descriptor.number, $0, access | flags) }
                })
        }
        do throws(SystemError) {
            return File(try open(O_RDONLY | O_NONBLOCK), path: path(of: name))
        } catch {
            guard error.cannotBeOpened else { throw error }
            throw .notRegular(path(of: name), try FileStatus(of: try open(O_PATH), path: path(of: name)).kind)
        }
    }

    /// Opens a regular file by a path below this directory; whatever leads out of it is refused with EXDEV.
    ///
    /// The file is found first without opening it (O_PATH), then its true place is compared with ours, and only
    /// then is it opened: a link or a swapped directory on the way cannot lead out, and nothing outside, nor a
    /// FIFO or a device, is ever opened.
    package func openBeneath(_ relative: String) throws(SystemError) -> File {
        let whole = "\(path)/\(relative)"
        let number = try systemCall(.open, whole) { openat(descriptor.number, relative, O_PATH | O_CLOEXEC) }
        let found = Descriptor(owning: number)
        let ours = try Directory.truePath(of: descriptor.number, for: path)
        let its = try Directory.truePath(of: found.number, for: whole)
        guard its.starts(with: ours + [0x2F]) || its == ours || ours == [0x2F] else {
            throw SystemError(call: "open", path: whole, code: EXDEV)
        }
        let status = try FileStatus(of: found, path: whole)
        if status.kind != .regular { throw .notRegular(whole, status.kind) }
        let link = "/proc/self/fd/\(found.number)"
        let readable = try systemCall(.open, whole) {
            Glibc.open(link, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        }
        return File(Descriptor(owning: readable), path: whole)
    }

    private static func truePath(of number: Int32, for path: String) throws(SystemError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 4096)
        var count = 0
        try systemCall(.readlink, path) {
            count = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
            return count < 0 ? -1 : 0
        }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }
}

extension UnsafeMutablePointer where Pointee == dirent {
    fileprivate var name: UnsafePointer<CChar> {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        return UnsafeRawPointer(self).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    }
}
