internal import SpoolSystem

/// A spool: one directory with a folder a state, opened once, so that every later call is about the same one.
final class SpoolDirectory: Sendable {
    let root: Directory
    let files: Directory
    let journal: Directory
    private let states: [Folder: Directory]

    /// Opens a spool and all its folders.
    ///
    /// - Throws: the error of the first folder that cannot be opened; ENOENT where there is no spool.
    init(path: String) throws(SystemError) {
        root = try Directory(path: path)
        var states: [Folder: Directory] = [:]
        for folder in Folder.allCases { states[folder] = try root.directory(folder.rawValue) }
        self.states = states
        files = try root.directory("files")
        journal = try root.directory("journal")
    }

    subscript(folder: Folder) -> Directory {
        guard let directory = states[folder] else { preconditionFailure("a state without a folder") }
        return directory
    }

    /// The name of a mailing's document in its folder.
    static func documentName(_ mailing: FileName) -> FileName { mailing + ".json" }

    /// Makes the folders and a default config.json, touching nothing that exists.
    ///
    /// The folders, their entries and the file are durable when it returns.
    static func make(at path: String, configuration: [UInt8]) throws(SystemError) {
        let root = try Directory(makingAt: path)
        for folder in Folder.allCases.map(\.rawValue) + ["files"] {
            _ = try root.makeDirectory(folder, mode: 0o755)
        }
        _ = try root.makeDirectory("journal", mode: 0o750)
        try root.create(FileName("config.json"), with: configuration, mode: 0o644)
        try root.synchronize()
    }
}
