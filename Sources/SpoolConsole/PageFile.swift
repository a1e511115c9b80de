internal import SpoolSystem
internal import SpoolWriting

/// The file that a page is written into: whoever reads it gets the old page or the new, whole.
package struct PageFile {
    private let path: String
    private let name: FileName

    package init(_ path: String) {
        self.path = path
        name = FileName(bytes: Array(path.utf8.suffix(from: PageFile.start(of: path))))
    }

    /// Where the last part of a path begins.
    private static func start(of path: String) -> String.Index {
        path.utf8.lastIndex(of: 0x2F).map(path.utf8.index(after:)) ?? path.startIndex
    }

    /// Puts a page in the place of the last one, and keeps that one's mode; a new file can be read by everybody.
    ///
    /// It is on the disk when this returns.
    package func replace(with page: String) throws(CommandFailure) {
        let directory: Directory
        let mode: UInt32
        do {
            let parent = String(path.utf8.prefix(upTo: PageFile.start(of: path))) ?? ""
            directory = try Directory(path: parent.isEmpty ? "." : parent)
            let old = try directory.status(of: name)
            // To rename over it would take a device, a link or a FIFO away from whoever relies on it.
            if let old, old.kind != .regular {
                throw CommandFailure(
                    "\(path) is no regular file; name the file itself, or - for standard output",
                    .cannotCreate)
            }
            mode = old?.mode ?? 0o644
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(error)", .cannotCreate)
        }
        let temporary = FileName(".\(name.string).\(ProcessTable.ownID).new")
        do throws(SystemError) {
            try directory.replace(
                name, with: Array(page.utf8), mode: mode, durable: true, temporary: temporary)
        } catch {
            _ = try? directory.remove(temporary)
            throw CommandFailure("\(error)", error.call == "open" ? .cannotCreate : .ioError)
        }
    }
}
