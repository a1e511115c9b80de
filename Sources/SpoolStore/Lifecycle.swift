package import SpoolSystem

/// Which document belongs to which journal, and what must be done so that names and folders agree again.
///
/// Pure: from one listing of the folders and what the journals say. Whoever carries the repairs out looks again
/// afterwards, until there are none; a crash between two of them is therefore mended like anything else that is
/// found to disagree.
package struct Lifecycle: Equatable, Sendable {
    /// What a document is.
    package enum Standing: Equatable, Sendable {
        /// The file of this journal: it goes on where it stopped.
        case continues
        /// A mailing that has not begun. If its name belongs to one that has ended, that one is put aside first.
        case new(displacing: Bool)
        /// Another mailing of its name is under way; it waits for that one.
        case waits
        /// It lies in `done/` and nothing more is to be done.
        case over
        /// It cannot be said which mailing this is.
        case conflict(Conflict)
    }

    /// Why it cannot be said which mailing a document is.
    package enum Conflict: Equatable, Sendable {
        /// The name is in `active/` and in `paused/`, and they are two files.
        case activeAndPaused
        /// The journal's own document is gone, and this is another file.
        case documentGone
        /// A mailing of the name has ended, and without times of birth nobody can tell whether this is its document.
        case maybeEnded
    }

    /// What must be done before anything is delivered.
    package enum Repair: Equatable, Sendable {
        /// The document was renamed: its journal follows.
        case rename(journal: FileName, to: FileName)
        /// An ended mailing makes room: its document, if there is one in `done/`, and its journal get a dated name.
        case displace(FileName)
        /// The document was moved to another folder, has come back, or was replaced by an editor.
        case record(FileName, FoundDocument)
        /// The document is nowhere.
        case gone(FileName)
        /// The unfinished document was moved to `done/`.
        case cancel(FileName)
        /// A document in `done/` that has never begun: its journal says that it was cancelled.
        case adopt(FoundDocument)
    }

    package private(set) var standings: [Standing]
    package private(set) var repairs: [Repair] = []

    private let documents: [FoundDocument]
    private let histories: [FileName: MailingHistory]
    private let obscured: Set<FileName>
    /// Journal by document, and the other way round.
    private var journalOf: [Int: FileName] = [:]
    private var documentOf: [FileName: Int] = [:]
    private let named: [FileName: [Int]]

    /// - Parameter obscured: mailings whose document is there, but not as one: nothing is concluded from its absence.
    package init(
        documents: [FoundDocument], histories: [FileName: MailingHistory], obscured: Set<FileName> = []
    ) {
        self.documents = documents
        self.obscured = obscured
        self.histories = histories
        standings = Array(repeating: .over, count: documents.count)
        named = Dictionary(grouping: documents.indices, by: { documents[$0].name })
        let journals = histories.keys.sorted()
        matchByIdentity(journals)
        for name in journals where documentOf[name] == nil { matchInPlace(name) }
        for name in journals {
            if let document = documentOf[name] {
                judgeOwned(name, document)
            } else {
                judgeOrphan(name)
            }
        }
        for index in documents.indices { standings[index] = standing(of: index) }
        for index in documents.indices where isUnknownInDone(index) {
            repairs.append(.adopt(documents[index]))
        }
    }

    private func isUnknownInDone(_ index: Int) -> Bool {
        let document = documents[index]
        return document.folder == .done && journalOf[index] == nil && histories[document.name] == nil
    }

    private mutating func own(_ name: FileName, _ document: Int) {
        documentOf[name] = document
        journalOf[document] = name
    }

    private mutating func matchByIdentity(_ journals: [FileName]) {
        var byIdentity: [DocumentIdentity: Int] = [:]
        for index in documents.indices { byIdentity[documents[index].identity] = index }
        // A journal under its document's own name comes first, in case two ever claim the same file.
        for isSameName in [true, false] {
            for name in journals where documentOf[name] == nil {
                guard let history = histories[name], let index = byIdentity[history.identity],
                    documents[index].identity.isSurely(history.identity), journalOf[index] == nil,
                    (documents[index].name == name) == isSameName
                else { continue }
                own(name, index)
            }
        }
    }

    /// An editor that saves by replacing the file leaves another file of that name in that folder.
    private mutating func matchInPlace(_ name: FileName) {
        guard let history = histories[name], !history.isGone else { return }
        for index in named[name] ?? [] where documents[index].folder == history.folder {
            if journalOf[index] == nil { own(name, index) }
        }
    }

    private mutating func judgeOwned(_ name: FileName, _ index: Int) {
        guard let history = histories[name] else { return }
        let document = documents[index]
        if document.name != name {
            if let other = histories[document.name] {
                if !other.isOpen { repairs.append(.displace(document.name)) }
            } else {
                repairs.append(.rename(journal: name, to: document.name))
            }
            return
        }
        if history.isGone || document.folder != history.folder || document.identity != history.identity {
            repairs.append(.record(name, document))
        }
        if history.isOpen && document.folder == .done { repairs.append(.cancel(name)) }
    }

    private mutating func judgeOrphan(_ name: FileName) {
        guard let history = histories[name], !obscured.contains(name) else { return }
        let strangers = (named[name] ?? []).filter { journalOf[$0] == nil }
        if history.isOpen {
            if strangers.isEmpty && !history.isGone { repairs.append(.gone(name)) }
            return
        }
        // Without a time of birth a moved document looks like a stranger: that is for a person to decide.
        if history.identity.birth == nil && !strangers.isEmpty { return }
        if !strangers.isEmpty || !DatedName.isDated(name) { repairs.append(.displace(name)) }
    }

    private func standing(of index: Int) -> Standing {
        let document = documents[index]
        let namesakes = (named[document.name] ?? []).filter { $0 != index }
        let opposite: Folder? =
            switch document.folder {
            case .active: .paused
            case .paused: .active
            case .scheduled, .done: nil
            }
        if let opposite, namesakes.contains(where: { documents[$0].folder == opposite }) {
            return .conflict(.activeAndPaused)
        }
        if let journal = journalOf[index] {
            if journal != document.name { return .waits }
            return document.folder == .done ? .over : .continues
        }
        return strangerStanding(document, namesakes)
    }

    private func strangerStanding(_ document: FoundDocument, _ namesakes: [Int]) -> Standing {
        let history = histories[document.name]
        if document.folder == .done { return .over }
        if let history, documentOf[document.name] == nil {
            if history.isOpen { return .conflict(.documentGone) }
            if history.identity.birth == nil { return .conflict(.maybeEnded) }
        }
        // Who lies in active/ or paused/ goes before who waits in scheduled/; who has begun, before everybody.
        let isHeldUp = namesakes.contains { other in
            let folder = documents[other].folder
            if folder == .done { return false }
            return journalOf[other] != nil || document.folder == .scheduled
        }
        if isHeldUp || journalOf.values.contains(document.name) && history?.isOpen == true { return .waits }
        return .new(displacing: history != nil)
    }

    /// The journal that belongs to a document.
    package func journal(of document: Int) -> FileName? { journalOf[document] }
}

/// The names under which ended mailings make room for others: `news.2026-11-23`, `news.2026-11-23.2`.
package enum DatedName {
    /// The name of a mailing that ended on a day, the `count`-th of that day, cut so that it stays a document's.
    package static func make(_ name: FileName, day: String, count: Int) -> FileName {
        let suffix = "." + day + (count > 1 ? ".\(count)" : "")
        var bytes = Array(name.bytes.prefix(Listing.longestName - ".json".utf8.count - suffix.utf8.count))
        if bytes.count < name.bytes.count {
            // Not in the middle of a character.
            while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
            if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        }
        return FileName(bytes: bytes) + suffix
    }

    /// Whether a name ends in a date, and so was given by us.
    package static func isDated(_ name: FileName) -> Bool {
        var parts = name.bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count > 1 else { return false }
        if let last = parts.last, (1...4).contains(last.count),
            last.allSatisfy({ (0x30...0x39).contains($0) })
        {
            parts.removeLast()
        }
        guard parts.count > 1, let day = parts.last, day.count == 10 else { return false }
        return zip(day, "0000-00-00".utf8).allSatisfy { byte, pattern in
            pattern == 0x2D ? byte == 0x2D : (0x30...0x39).contains(byte)
        }
    }
}
