internal import SpoolSystem
internal import SpoolWriting

/// The file that a page is written into: whoever reads it gets the old page or the new, whole.
package struct PageFile {
    private let path: String

    package init(_ path: String) { self.path = path }

    /// Puts a page in the place of the last one, and keeps that one's mode; a new file can be read by everybody.
    ///
    /// It is on the disk when this returns.
    package func replace(with page: String) throws(CommandFailure) {
        let parts = SplitPath(path)
        let directory: Directory
        let old: FileStatus?
        do throws(SystemError) {
            directory = try Directory(path: parts.directory)
            old = try directory.status(of: parts.name)
        } catch {
            throw cannotBeMade(error)
        }
        // To rename over it would take a device, a link or a FIFO away from whoever relies on it.
        if let old, old.kind != .regular {
            throw CommandFailure(
                "\(path) is \(old.kind.name); name the file itself, or - for standard output", .cannotCreate)
        }
        do throws(SystemError) {
            try directory.replace(
                parts.name, with: Array(page.utf8), mode: old?.mode ?? 0o644, durable: true, isShared: true)
        } catch {
            if error.call == "open" { throw cannotBeMade(error) }
            throw CommandFailure("\(path) cannot be written: \(error.reason)", .ioError)
        }
    }

    private func cannotBeMade(_ error: SystemError) -> CommandFailure {
        CommandFailure("\(path) cannot be made: \(error.reason)", .cannotCreate)
    }
}
