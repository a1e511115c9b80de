package import SpoolSystem
internal import SpoolWriting

/// Files that are made together for a person, none of them in the place of one that exists.
package struct NewFiles {
    private let directory: Directory

    package init(in directory: Directory) { self.directory = directory }

    /// Makes the files in their order; nothing is made where one of them exists already.
    ///
    /// Who else may read and edit them is for the umask to say. All of them are on the disk when this returns.
    package func make(_ files: [(name: FileName, bytes: [UInt8])]) throws(CommandFailure) {
        try check(files.map(\.name))
        let mode = 0o666 & ~ProcessTable.fileModeMask()
        for file in files {
            do throws(SystemError) {
                let isMade = try directory.create(file.name, with: file.bytes, mode: mode)
                if isMade { continue }
            } catch {
                throw cannotBeMade(file.name, error)
            }
            throw isThere(file.name)
        }
        do throws(SystemError) {
            try directory.synchronize()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Fails if one of the files exists.
    package func check(_ names: [FileName]) throws(CommandFailure) {
        for name in names {
            let found: FileStatus?
            do throws(SystemError) {
                found = try directory.status(of: name)
            } catch {
                throw cannotBeMade(name, error)
            }
            if found != nil { throw isThere(name) }
        }
    }

    private func isThere(_ name: FileName) -> CommandFailure {
        CommandFailure(
            "\(directory.path(of: name)) is there already, and nothing is written over it; name another file",
            .cannotCreate)
    }

    private func cannotBeMade(_ name: FileName, _ error: SystemError) -> CommandFailure {
        let complaint = "\(directory.path(of: name)) cannot be made: \(error.reason)"
        return CommandFailure(
            GroupRemedy.adding(to: complaint, for: error),
            error.isForbidden || error.isMissing ? .cannotCreate : .ioError)
    }
}
