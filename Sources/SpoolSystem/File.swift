internal import Glibc

/// A file opened for reading; safe to read from several threads, since every read names its place.
package final class File: Sendable {
    let descriptor: Descriptor
    /// Where it was found, for messages.
    package let path: String

    init(_ descriptor: consuming Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// The contents of a file of the machine's, by its whole path; nil if it cannot be read. A shortage is thrown: it says
    /// nothing of the file.
    package static func contents(ofPath path: String) throws(SystemError) -> [UInt8]? {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        do throws(SystemError) {
            let number = try systemCall(.open, path) { Glibc.open(path, flags) }
            return try File(Descriptor(owning: number), path: path).contents()
        } catch {
            if error.isShortage { throw error }
            return nil
        }
    }

    /// Where a symbolic link leads, as it is written in it; nil if the path names none (readlink(2)).
    package static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        var count = 0
        do throws(SystemError) {
            try systemCall(.readlink, path) {
                count = readlink(path, &buffer, buffer.count)
                return count < 0 ? -1 : 0
            }
        } catch {
            return nil
        }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether this process may run the file at a path.
    package static func isExecutable(_ path: String) -> Bool { executionError(path) == nil }

    /// Why this process may not run the file at a path; nil if it may (access(2)).
    package static func executionError(_ path: String) -> SystemError? {
        do throws(SystemError) {
            try systemCall(.access, path) { access(path, X_OK) }
            return nil
        } catch {
            return error
        }
    }

    /// Reads up to the buffer's size at `offset`; 0 at the end (pread(2)).
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        try transfer(.pread, path, upTo: buffer.count) { count in
            pread(descriptor.number, buffer.baseAddress, count, offset)
        }
    }

    /// Reads all bytes from `offset`, at most `limit` of them.
    package func contents(from offset: Int = 0, limit: Int = .max) throws(SystemError) -> [UInt8] {
        let size = Int(try status().size)
        var bytes: [UInt8] = []
        var wanted = min(limit, max(size - offset, 0) + 1)
        // An array that grows has what it holds up to three times.
        bytes.reserveCapacity(wanted)
        while wanted > 0 {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: min(wanted, 1 << 20)))
            let chunk = bytes.count - start
            let count = try transfer(.pread, path, upTo: chunk) { count in
                bytes.withUnsafeMutableBytes { buffer in
                    pread(descriptor.number, buffer.baseAddress.map { $0 + start }, count, offset + start)
                }
            }
            bytes.removeLast(chunk - count)
            if count == 0 { break }
            // The file may have grown since its size was asked for.
            wanted = min(limit - bytes.count, max(size - offset - bytes.count, 0) + 1)
        }
        return bytes
    }

    /// A longer line is passed over.
    package static let longestLine = 1 << 18

    /// Calls for every line that ends in a line feed, without it, from `offset` on, with the place where it begins.
    ///
    /// - Returns: where the last of them ends, whether passed over or not.
    @discardableResult
    package func forEachLine(
        from offset: Int = 0, _ body: (UnsafeRawBufferPointer, Int) -> Void
    ) throws(SystemError) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: File.longestLine, alignment: 16)
        defer { buffer.deallocate() }
        var end = offset
        var start = offset
        var held = 0
        // What is left of a line that is too long is no line.
        var isInside = false
        while true {
            let count = try read(into: .init(rebasing: buffer[held...]), at: start + held)
            if count == 0 { return end }
            let filled = UnsafeRawBufferPointer(rebasing: buffer[..<(held + count)])
            var position = 0
            while let feed = filled[position...].firstIndex(of: 0x0A) {
                if !isInside { body(.init(rebasing: filled[position..<feed]), start + position) }
                isInside = false
                end = start + feed + 1
                position = feed + 1
            }
            if position == 0 && filled.count == buffer.count {
                position = filled.count
                isInside = true
            }
            held = filled.count - position
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: filled[position...]))
            start += position
        }
    }

    /// What the file is now (statx(2) on the open descriptor).
    package func status() throws(SystemError) -> FileStatus {
        try FileStatus(of: descriptor, path: path)
    }
}
