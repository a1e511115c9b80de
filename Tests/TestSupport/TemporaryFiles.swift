internal import Foundation
package import SpoolSystem

/// A directory of its own for one test, as `files/` of a spool is.
package final class TemporaryFiles: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "spool-files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package var directory: Directory {
        get throws { try Directory(path: path) }
    }

    /// Writes a file, its folders included.
    package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// Writes into a file that is there, so that it stays the same file.
    package func overwrite(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + "/" + name))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    /// Makes a file longer, by a hole.
    package func extend(_ name: String, to size: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + "/" + name))
        try file.truncate(atOffset: size)
        try file.close()
    }

    package func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + "/" + name)
    }

    package func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }
}
