internal import Foundation
internal import SpoolSystem

/// `spool-status --html FILE`.
extension StatusQuestion {
    /// Writes the page; to standard output for `-`.
    func writePage(to target: String) throws(Failure) -> ExitStatus {
        let status = try ask()
        let page: String
        do throws(SystemError) {
            let journals = try JournalDirectory(SpoolDirectory(path: spool).journal)
            page = try StatusPage(status, showsAll: showsAll, journals: journals).text
        } catch {
            throw StatusQuestion.failure(error)
        }
        return target == "-" ? Output.print(page) : PageFile(target).replace(with: page)
    }
}

/// The file that a page is written into: whoever reads it gets the old page or the new, whole.
struct PageFile {
    private let path: String
    private let name: FileName

    init(_ path: String) {
        self.path = path
        name = FileName((path as NSString).lastPathComponent)
    }

    /// Puts a page in the place of the last one, and keeps that one's mode; a new file can be read by everybody.
    ///
    /// It is on the disk when this returns.
    func replace(with page: String) -> ExitStatus {
        let directory: Directory
        let mode: UInt32
        do throws(SystemError) {
            let parent = (path as NSString).deletingLastPathComponent
            directory = try Directory(path: parent.isEmpty ? "." : parent)
            let old = try directory.status(of: name)
            // To rename over it would take a device, a link or a FIFO away from whoever relies on it.
            if let old, old.kind != .regular {
                return StatusCommand.complain(
                    "\(path) is no regular file; name the file itself, or - for standard output",
                    .cannotCreate)
            }
            mode = old?.mode ?? 0o644
        } catch {
            return StatusCommand.complain("\(error)", .cannotCreate)
        }
        let temporary = FileName(".\(name.string).\(ProcessTable.ownID).new")
        do throws(SystemError) {
            try directory.replace(
                name, with: Array(page.utf8), mode: mode, durable: true, temporary: temporary)
            return .ok
        } catch {
            _ = try? directory.remove(temporary)
            return StatusCommand.complain("\(error)", error.call == "open" ? .cannotCreate : .ioError)
        }
    }
}
