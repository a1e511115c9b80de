package import SpoolSystem

/// A path taken apart at its last slash, byte by byte: names need not be UTF-8.
package struct SplitPath {
    /// The directory as a system call takes it: `.` if the path names none.
    package let directory: String
    /// What stands behind the last slash.
    package let name: FileName

    package init(_ path: String) {
        let bytes = Array(path.utf8)
        let start = bytes.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0
        directory = start == 0 ? "." : String(decoding: bytes[..<start], as: UTF8.self)
        name = FileName(bytes: Array(bytes[start...]))
    }
}
