package import SpoolSystem

/// A spool: one directory with a folder a state, opened once, so that every later call is about the same one.
package final class SpoolDirectory: Sendable {
    package let root: Directory
    package let files: Directory
    package let journal: Directory
    private let states: [Folder: Directory]

    /// Opens a spool and all its folders.
    ///
    /// - Throws: the error of the first folder that cannot be opened; ENOENT where there is no spool.
    package init(path: String) throws(SystemError) {
        root = try Directory(path: path)
        var states: [Folder: Directory] = [:]
        for folder in Folder.allCases { states[folder] = try root.directory(folder.rawValue) }
        self.states = states
        files = try root.directory("files")
        journal = try root.directory("journal")
    }

    package subscript(folder: Folder) -> Directory {
        guard let directory = states[folder] else { preconditionFailure("a state without a folder") }
        return directory
    }

    /// Where the spool is: as somebody has named it, else the current directory if that is one, else `./spool`.
    package static func path(named path: String?) -> String {
        if let path { return path }
        let here = try? Directory(path: ".")
        let parts = Folder.allCases.map(\.rawValue) + ["files", "journal"]
        let isSpool = parts.allSatisfy { part in
            let status = (try? here?.status(of: FileName(part))) ?? nil
            return status?.kind == .directory
        }
        return isSpool ? "." : "./spool"
    }

    /// The name of a mailing's document in its folder.
    package static func documentName(_ mailing: FileName) -> FileName { mailing + ".json" }
}
