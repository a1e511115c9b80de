internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

extension SpoolDirectory {
    /// Makes the folders and a default config.json, touching nothing that exists.
    ///
    /// The folders, their entries and the file are durable when it returns.
    static func make(at path: String, configuration: [UInt8]) throws(SystemError) {
        let root = try Directory(makingAt: path)
        for folder in Folder.allCases.map(\.rawValue) + ["files"] {
            _ = try root.makeDirectory(folder, mode: 0o755)
        }
        _ = try root.makeDirectory("journal", mode: 0o750)
        // A Maildir: whoever could write there could have people's mail counted, or stopped.
        _ = try root.makeDirectory("returns", mode: 0o700)
        let returns = try root.directory("returns")
        for folder in ["new", "cur", "tmp"] { _ = try returns.makeDirectory(folder, mode: 0o700) }
        try returns.synchronize()
        try root.create(FileName("config.json"), with: configuration, mode: 0o644)
        try root.synchronize()
    }
}
