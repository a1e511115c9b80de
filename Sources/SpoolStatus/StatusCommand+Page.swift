internal import SpoolConsole
internal import SpoolMail
internal import SpoolStore
import SpoolSystem

/// `spool-status --html FILE`.
extension StatusQuestion {
    /// Writes the page; to standard output for `-`.
    func writePage(to target: String) throws(CommandFailure) -> ExitStatus {
        let status = try ask()
        let page: String
        do throws(SystemError) {
            let journals = try JournalDirectory(SpoolDirectory(path: spool).journal)
            page = try StatusPage(status, showsAll: showsAll, journals: journals).text
        } catch {
            throw CommandFailure(opening: error, missing: .noInput)
        }
        if target == "-" { return Output.print(page, as: StatusCommand.name) }
        try PageFile(target).replace(with: page)
        return .ok
    }
}
