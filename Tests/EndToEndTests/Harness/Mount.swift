import Foundation

/// A small file system of a test's own; unmounted with its owner. Needs root.
final class Mount {
    let path: String
    private let directory: TemporaryDirectory
    private let options: [String]
    private var filler: String { path + "/filler" }

    private init(_ options: [String]) throws {
        self.options = options
        directory = try TemporaryDirectory()
        path = directory.path + "/mount"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try mount()
    }

    private func mount() throws {
        let outcome = try Run.start("/bin/mount", options + [path]).wait()
        guard outcome.ending == .exited(0) else { throw HarnessError("mount: \(outcome.errors)") }
    }

    /// A file system in memory.
    static func tmpfs(megabytes: Int) throws -> Mount {
        try Mount(["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=755", "spool-test"])
    }

    /// A file system in memory that records no birth time of files.
    static func ramfs() throws -> Mount {
        try Mount(["-t", "ramfs", "-o", "mode=755", "spool-test"])
    }

    /// An ext4 file system in a file.
    static func ext4(image: String) throws -> Mount {
        try Mount(["-t", "ext4", "-o", "loop", image])
    }

    func remount(_ option: String) throws {
        try tool("/bin/mount", "-o", "remount,\(option)", path)
    }

    /// Takes all room, or all but some bytes.
    func fill(leaving bytes: Int = 0) throws {
        try Data().write(to: URL(fileURLWithPath: filler))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: filler))
        let chunk = Data(count: 4096)
        while (try? file.write(contentsOf: chunk)) != nil {}
        let size = try file.offset()
        try file.truncate(atOffset: size - min(size, UInt64(bytes)))
        try file.close()
    }

    /// Gives the room back.
    func empty() throws {
        try FileManager.default.removeItem(atPath: filler)
    }

    /// Unmounts and mounts again, as after a restart of the machine.
    func restart() throws {
        try tool("/bin/umount", path)
        try mount()
    }

    deinit {
        _ = try? Run.start("/bin/umount", ["-l", path]).wait()
    }
}
