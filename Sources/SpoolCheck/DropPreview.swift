internal import SpoolConsole
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// What a document's name and place mean: what a tick makes of it where it lies, or would make of it in
/// `scheduled/`.
struct DropPreview {
    /// What the journal says, if the mailing has begun.
    let history: MailingHistory?
    let errors: [Diagnostic]
    let warnings: [Diagnostic]

    private init(history: MailingHistory? = nil, errors: [Diagnostic] = [], warnings: [Diagnostic] = []) {
        self.history = history
        self.errors = errors
        self.warnings = warnings
    }

    init(_ file: CheckedFile, journals: JournalDirectory) throws(SystemError) {
        let reason =
            FolderContents.reasonToIgnore(file.fileName, file.nameStatus) ?? DropPreview.hidden(file.fileName)
        if let reason {
            self.init(warnings: [DropPreview.ignored(reason)])
            return
        }
        self.init(file, in: try Listing(file.spool), try journals.histories())
    }

    private init(_ file: CheckedFile, in listing: Listing, _ histories: [FileName: MailingHistory]) {
        let document = file.document
        func isIt(_ other: FoundDocument) -> Bool {
            other.folder == document.folder && other.name == document.name
        }
        var documents = listing.documents
        if file.folder == nil {
            if documents.contains(where: isIt) {
                self.init(warnings: [DropPreview.overwrites(file.name, histories[file.name])])
                return
            }
            documents.append(document)
        }
        guard let index = documents.firstIndex(where: isIt) else {
            // Moved since it was opened.
            self.init()
            return
        }
        let lifecycle = Lifecycle(documents: documents, histories: histories, obscured: listing.obscured)
        let journal = lifecycle.journal(of: index)
        let history = journal.flatMap { histories[$0] }
        switch lifecycle.standings[index] {
        case .conflict(let conflict):
            self.init(history: history, errors: [conflict.problem(of: document)])
        case .new(displacing: true):
            self.init(warnings: [DropPreview.displaces(file.name)])
        case .continues, .waits:
            guard let journal, let history else {
                self.init(warnings: [DropPreview.waits(file.name, documents)])
                return
            }
            // Under another name it waits only until the next look has given the journal that name too.
            let isElsewhere = file.folder == nil
            self.init(
                history: history, warnings: isElsewhere ? [DropPreview.continues(journal, history)] : [])
        case .new(displacing: false), .over:
            self.init(history: history)
        }
    }

    private static func ignored(_ reason: String) -> Diagnostic {
        Diagnostic(
            message: "a tick would ignore it: \(reason)",
            hint: "it must be an ordinary file of its own, with a name like news.json")
    }

    private static func hidden(_ name: FileName) -> String? {
        name.bytes.first == 0x2E ? "the name begins with a dot" : nil
    }

    private static func overwrites(_ name: FileName, _ history: MailingHistory?) -> Diagnostic {
        let isBegun = history.map { $0.isOpen && $0.folder == .scheduled } ?? false
        return Diagnostic(
            message: "scheduled/\(name).json is there already, and mv would replace it",
            hint: isBegun
                ? "that is an edit of the mailing that has begun; give it another name to send a new one"
                : "give it another name, unless it is to take the other's place")
    }

    private static func displaces(_ name: FileName) -> Diagnostic {
        Diagnostic(
            message: "a mailing named \(name) has ended; this one is a new mailing, to everybody",
            hint: "the old one is renamed \(name).DAY when this one starts; "
                + "to send the old one again, move its own document out of done/")
    }

    private static func waits(_ name: FileName, _ documents: [FoundDocument]) -> Diagnostic {
        let others = documents.filter { $0.name == name && ($0.folder == .active || $0.folder == .paused) }
        let place =
            others.first.map { "\($0.folder.rawValue)/\(name).json" } ?? "another mailing named \(name)"
        return Diagnostic(
            message: "it waits for another mailing of its name to end: \(place)",
            hint: "give it another name to send it now")
    }

    private static func continues(_ journal: FileName, _ history: MailingHistory) -> Diagnostic {
        Diagnostic(
            message: "it is the document of the mailing \(journal), which has begun: "
                + CheckReport.progress(history.counts),
            hint: "moved into the spool it goes on, and whoever has got it does not get it again; "
                + "copy it (cp) to send it to everybody anew")
    }
}
