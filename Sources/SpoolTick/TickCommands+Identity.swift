internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// What a person says of a file of which nobody can tell whether it is the document of the mailing of its name.
extension Tick {
    /// A mailing of a name, and the files that have to do with it.
    private struct NamedMailing {
        let name: FileName
        let registry: MailingRegistry
        let history: MailingHistory
        /// Its document.
        private(set) var own: FoundDocument?
        /// The files that may be it: another than it was, or its own of which it is not clear whether it is to go out.
        private(set) var candidates: [FoundDocument] = []
        /// All files of its name.
        let namesakes: [FoundDocument]

        init(_ text: String, _ spool: SpoolDirectory, _ journals: JournalDirectory) throws {
            name = try Tick.find(text, "mailing that has begun", in: journals)
            registry = try MailingRegistry(journals)
            guard let history = registry[name] else {
                throw CommandFailure("there is no mailing \(text) that has begun", .noInput)
            }
            self.history = history
            let listing = try Listing(spool)
            let lifecycle = Lifecycle(
                documents: listing.documents, histories: registry.all, obscured: listing.obscured)
            namesakes = listing.documents.filter { [name] in $0.name == name }
            for (index, document) in listing.documents.enumerated() {
                if lifecycle.journal(of: index) == name { own = document }
                if document.name == name, lifecycle.standings[index].isForAPerson {
                    candidates.append(document)
                }
            }
        }
    }

    /// Takes a file for the document of the mailing of its name: it goes to whoever has not got it.
    static func adopt(_ text: String, spool path: String) -> ExitStatus {
        withLock(path) { spool, journals in
            let mailing = try NamedMailing(text, spool, journals)
            guard let document = mailing.candidates.first else {
                guard let other = mailing.own ?? mailing.namesakes.first else {
                    throw CommandFailure("there is no file \(text).json to be adopted", .noInput)
                }
                throw CommandFailure("there is nothing to decide about \(other.path)", .dataError)
            }
            if mailing.candidates.count > 1 {
                let paths = mailing.candidates.map(\.path).joined(separator: " and ")
                throw CommandFailure(
                    "there are \(paths), and one alone can be adopted; move the others away", .dataError)
            }
            // Whatever a crash leaves of these lines, nobody is mailed who has got it.
            let again: [JournalEntry] = mailing.history.isOpen ? [] : [.reopened(.again)]
            try mailing.registry.write(
                again + [.document(document.place)], of: mailing.name, at: Moment.now())
        }
    }

    /// Puts the journal of a mailing aside whose document is gone, or may be another by now: what has its name is a new
    /// mailing. One that has not finished is closed by that.
    static func forget(_ text: String, spool path: String) -> ExitStatus {
        withLock(path) { spool, journals in
            let mailing = try NamedMailing(text, spool, journals)
            if let own = mailing.own, !mailing.candidates.contains(own) {
                throw CommandFailure(
                    mailing.history.isOpen
                        ? "\(own.path) is the document of \(text); move it to done/ to cancel it"
                        : "\(text) has ended; there is nothing to forget",
                    .dataError)
            }
            let (registry, moment) = (mailing.registry, Moment.now())
            if mailing.history.isOpen {
                try registry.close(mailing.name, as: .forgotten, at: moment)
            } else {
                // From here on no file is its own, not even the one that was.
                try registry.write([.document(.nowhere)], of: mailing.name, at: moment)
            }
            let end = registry[mailing.name]?.closedAt ?? moment.wall
            let aside = try registry.freeDatedName(mailing.name, day: end.day(in: .utc)) { _ in false }
            try registry.rename(mailing.name, to: aside)
            try journals.directory.synchronize()
        }
    }
}

extension Lifecycle.Standing {
    /// Whether a person may have to say what it is.
    fileprivate var isForAPerson: Bool {
        switch self {
        case .returned, .conflict(.unrecognised): true
        case .continues, .new, .unfamiliar, .waits, .over, .conflict: false
        }
    }
}
