internal import SpoolStore

/// Where a mailing stands: the folder that its document lies in. In the order of interest, from what moves to what has
/// ended.
enum MailingState: String, CaseIterable, Sendable {
    case active, paused, scheduled
    /// Unfinished, and its document is in no folder.
    case gone
    /// Ended; its document may have been removed since.
    case done

    init(_ folder: Folder) {
        self =
            switch folder {
            case .scheduled: .scheduled
            case .active: .active
            case .paused: .paused
            case .done: .done
            }
    }

    /// The folder that holds its document.
    var folder: Folder? { Folder(rawValue: rawValue) }
}
