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
        let name = parts.name
        let directory: Directory
        let mode: UInt32
        do {
            directory = try Directory(path: parts.directory)
            let old = try directory.status(of: name)
            // To rename over it would take a device, a link or a FIFO away from whoever relies on it.
            if let old, old.kind != .regular {
                throw CommandFailure(
                    "\(path) is \(old.kind.name); name the file itself, or - for standard output",
                    .cannotCreate)
            }
            mode = old?.mode ?? 0o644
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(error)", .cannotCreate)
        }
        do throws(SystemError) {
            try directory.replace(name, with: Array(page.utf8), mode: mode, durable: true, isShared: true)
        } catch {
            throw CommandFailure("\(error)", error.call == "open" ? .cannotCreate : .ioError)
        }
    }
}
