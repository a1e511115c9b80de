internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

/// A part of a new spool that people share.
struct SharedPart: Equatable {
    /// Its name in the spool; `.` is the spool directory.
    let name: String
    let mode: UInt32
    let isDirectory: Bool
}

extension SpoolDirectory {
    /// What a group that shares a spool may do with each part of it. What a member drops belongs to the group, by its
    /// folder's bit; only the spool's owner decides what program runs, and writes into `journal/`.
    static let sharedParts =
        [SharedPart(name: ".", mode: 0o750, isDirectory: true)]
        + (Folder.allCases.map(\.rawValue) + ["files", "suppressed"])
        .map { SharedPart(name: $0, mode: 0o2770, isDirectory: true) } + [
            SharedPart(name: "journal", mode: 0o2750, isDirectory: true),
            SharedPart(name: "suppressed.txt", mode: 0o660, isDirectory: false),
            SharedPart(name: "config.json", mode: 0o640, isDirectory: false),
        ]

    /// Makes the folders and a default config.json, touching nothing that exists.
    ///
    /// The folders, their entries and the file are durable when it returns.
    static func make(at path: String, configuration: [UInt8]) throws(SystemError) {
        let root = try Directory(makingAt: path)
        for folder in Folder.allCases.map(\.rawValue) + ["files"] {
            _ = try root.makeDirectory(folder, mode: 0o755)
        }
        _ = try root.makeDirectory("journal", mode: 0o750)
        try makeReturns(in: root)
        try root.create(FileName("config.json"), with: configuration, mode: 0o644)
        try root.synchronize()
    }

    /// Makes the same for a group, and an empty suppressed.txt, touching nothing that exists but an empty directory that
    /// becomes the spool.
    ///
    /// - Returns: what was there, and is not the group's as a new one would be.
    static func make(
        at path: String, configuration: [UInt8], group: UInt32
    ) throws(SystemError) -> [SharedPart] {
        let root = try Directory(makingAt: path)
        let isNew = try root.names().isEmpty
        for part in sharedParts {
            let isMade =
                if part.name == "." {
                    isNew
                } else if part.isDirectory {
                    // Nobody is let in before it is the group's.
                    try root.makeDirectory(part.name, mode: 0o700)
                } else {
                    try root.create(
                        FileName(part.name), with: part.name == "config.json" ? configuration : [],
                        mode: 0o600)
                }
            if isMade { try root.give(part.name, to: group, mode: part.mode) }
        }
        try makeReturns(in: root)
        try root.synchronize()
        var others: [SharedPart] = []
        for part in sharedParts {
            let status = part.name == "." ? try root.status() : try root.status(of: FileName(part.name))
            if let status, status.mode & part.mode != part.mode || status.group != group {
                others.append(part)
            }
        }
        return others
    }

    /// Makes the Maildir for what comes back: whoever could write there could have people's mail counted, or stopped.
    private static func makeReturns(in root: Directory) throws(SystemError) {
        _ = try root.makeDirectory("returns", mode: 0o700)
        let returns = try root.directory("returns")
        for folder in ["new", "cur", "tmp"] { _ = try returns.makeDirectory(folder, mode: 0o700) }
        try returns.synchronize()
    }
}
