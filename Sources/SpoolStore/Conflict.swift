internal import SpoolMailing
package import SpoolSchedule
internal import SpoolSystem

extension Lifecycle.Conflict {
    /// The conflict in words, with the ways out of it.
    package func problem(of document: FoundDocument) -> Diagnostic {
        let name = document.name.string
        switch self {
        case .activeAndPaused:
            return Diagnostic(
                message: "active/ and paused/ both hold a \(name).json, and they are two mailings",
                hint: "move one of them away, or give it another name")
        case .documentGone:
            return Diagnostic(
                message:
                    "an unfinished mailing named \(name) has lost its document, and this is another file",
                hint:
                    "give this document another name to send it as a new mailing, or close the old one with: "
                    + "spool-tick --forget \(name)")
        case .maybeEnded:
            return Diagnostic(
                message:
                    "a mailing named \(name) has ended, and this file system does not tell whether this is its "
                    + "document or another",
                hint:
                    "give this document another name to send it as a new mailing, or put the old one aside with: "
                    + "spool-tick --forget \(name)")
        }
    }
}
