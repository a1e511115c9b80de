internal import SpoolConsole
internal import SpoolExamine
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
    /// What only its contents can tell.
    private let question: Question?

    private enum Question {
        /// Who would be mailed, if it is taken for the mailing of its name, or for another.
        case whoIsMailed(Lifecycle.Conflict)
        /// Whether its mailing, which has ended, may go out again; in `done/` as it is, if it were moved.
        case again(MailingHistory)
        /// Whether it is the document of one of these mailings, edited and renamed.
        case resemblance([FileName: MailingHistory])
    }

    private init(
        history: MailingHistory? = nil, errors: [Diagnostic] = [], warnings: [Diagnostic] = [],
        question: Question? = nil
    ) {
        self.history = history
        self.errors = errors
        self.warnings = warnings
        self.question = question
    }

    /// What has to be read of the past for it.
    var journalUse: ExaminationRequest.JournalUse {
        switch question {
        case nil: .none
        case .whoIsMailed, .again: .forecast
        case .resemblance(let mailings): .compared(mailings)
        }
    }

    /// The same, with what its contents tell.
    func answered(by examination: Examination, of file: CheckedFile) -> DropPreview {
        let conflict: Lifecycle.Conflict?
        switch question {
        case nil: conflict = nil
        case .whoIsMailed(let cause): conflict = cause
        case .again(let history): conflict = examination.forecast?.conflict(history)
        case .resemblance(let mailings):
            conflict =
                if case .mailing(let name)? = examination.resemblance, let history = mailings[name] {
                    .renamed(name, history)
                } else {
                    nil
                }
        }
        guard let conflict else { return self }
        let problem = conflict.problem(
            of: file.document, in: file.spool.root.absolutePath, examination.forecast?.recipients)
        if file.document.folder != .done {
            return DropPreview(history: history, errors: errors + [problem], warnings: warnings)
        }
        // That nobody is left is seen in the numbers.
        if case .nobodyLeft = conflict { return self }
        return DropPreview(history: history, errors: errors, warnings: warnings + [problem])
    }

    init(_ file: CheckedFile, journals: JournalDirectory) throws(SystemError) {
        let reason =
            FolderContents.reasonToIgnore(file.fileName, file.nameStatus) ?? DropPreview.hidden(file.fileName)
        if let reason {
            self.init(warnings: [DropPreview.ignored(reason)])
            return
        }
        self.init(
            file, in: try Listing(file.spool), try journals.histories(),
            try TickSnapshot(in: journals.directory))
    }

    private init(
        _ file: CheckedFile, in listing: Listing, _ histories: [FileName: MailingHistory],
        _ snapshot: TickSnapshot
    ) {
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
        let version = document.version.text
        let isKnown = snapshot.entries.contains { $0.version == version && $0.isJudged }
        let lifecycle = Lifecycle(documents: documents, histories: histories, obscured: listing.obscured) {
            $0 == document.version && !isKnown ? nil : .unrelated
        }
        let journal = lifecycle.journal(of: index)
        let history = journal.flatMap { histories[$0] }
        switch lifecycle.standings[index] {
        case .conflict(let conflict):
            self.init(history: history, question: .whoIsMailed(conflict))
        case .returned(let history): self.init(history: history, question: .again(history))
        case .unfamiliar(let mailings): self.init(question: .resemblance(mailings))
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
        case .over: self.init(history: history, question: history.map(Question.again))
        case .new(displacing: false): self.init()
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
