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
        /// The file of this journal, whose mailing has ended, out of `done/` again: whether it is to be sent to those who
        /// have not got it is to be judged.
        indirect case returned(MailingHistory)
        /// A mailing that has not begun. If its name belongs to one that has ended, that one is put aside first.
        case new(displacing: Bool)
        /// Another mailing of its name is under way; it waits for that one.
        case waits
        /// It may be the document of one of these mailings, edited and renamed: its contents are to be compared.
        case unfamiliar([FileName: MailingHistory])
        /// It lies in `done/` and nothing more is to be done.
        case over
        /// It cannot be said which mailing this is.
        indirect case conflict(Conflict)
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

    /// Whether a document that no journal knows may be that of a mailing which has just lost its own.
    package enum Resemblance: Equatable, Sendable {
        /// It was there before, or says something else, or to others.
        case unrelated
        case mailing(FileName)
    }

    package private(set) var standings: [Standing]
    package private(set) var repairs: [Repair] = []

    private let documents: [FoundDocument]
    private let histories: [FileName: MailingHistory]
    private let obscured: Set<FileName>
    /// Journal by document, and the other way round.
    private var journalOf: [Int: FileName] = [:]
    private var documentOf: [FileName: Int] = [:]
    private var named: [FileName: [Int]] = [:]
    /// The mailings whose document is nowhere, which no look has recorded as yet.
    package private(set) var vanished: [FileName: MailingHistory] = [:]

    /// - Parameters:
    ///   - obscured: mailings whose document is there, but not as one: nothing is concluded from its absence.
    ///   - resemblance: asked for documents that no journal knows, if mailings have lost theirs; nil of one that is to
    ///     be compared with them.
    package init(
        documents: [FoundDocument], histories: [FileName: MailingHistory], obscured: Set<FileName> = [],
        resemblance: (DocumentVersion) -> Resemblance? = { _ in .unrelated }
    ) {
        self.init(
            documents: documents, histories: histories, obscured: obscured, resemblance: resemblance,
            pausing: {})
    }

    /// The same, for a caller who has something else to do in between.
    ///
    /// - Parameter pause: called again and again, where there are thousands of documents or journals.
    package init<Failure: Error>(
        documents: [FoundDocument], histories: [FileName: MailingHistory], obscured: Set<FileName>,
        resemblance: (DocumentVersion) -> Resemblance?, pausing pause: () throws(Failure) -> Void
    ) throws(Failure) {
        self.documents = documents
        self.obscured = obscured
        self.histories = histories
        standings = Array(repeating: .over, count: documents.count)
        var byIdentity: [DocumentIdentity: Int] = [:]
        try Lifecycle.forEach(documents.indices, pausing: pause) { index in
            named[documents[index].name, default: []].append(index)
            byIdentity[documents[index].identity] = index
        }
        let journals = histories.keys.sorted()
        // A journal under its document's own name comes first, in case two ever claim the same file.
        for isSameName in [true, false] {
            try Lifecycle.forEach(journals, pausing: pause) { name in
                if documentOf[name] == nil { matchByIdentity(name, byIdentity, isSameName: isSameName) }
            }
        }
        try Lifecycle.forEach(journals, pausing: pause) { if documentOf[$0] == nil { matchInPlace($0) } }
        try Lifecycle.forEach(journals, pausing: pause) { if documentOf[$0] == nil { matchMoved($0) } }
        try Lifecycle.forEach(journals, pausing: pause) { name in
            if let document = documentOf[name] {
                judgeOwned(name, document)
            } else {
                judgeOrphan(name)
            }
        }
        try Lifecycle.forEach(documents.indices, pausing: pause) { index in
            standings[index] = standing(of: index, resemblance)
        }
        // Which may be found to be the document of one that has vanished.
        for index in documents.indices where isUnknownInDone(index) {
            repairs.append(.adopt(documents[index]))
        }
        recordVanished()
    }

    private static func forEach<Element, Failure: Error>(
        _ elements: some Collection<Element>, pausing pause: () throws(Failure) -> Void,
        _ body: (Element) -> Void
    ) throws(Failure) {
        for (number, element) in elements.enumerated() {
            if number.isMultiple(of: 256) { try pause() }
            body(element)
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

    private mutating func matchByIdentity(
        _ name: FileName, _ byIdentity: [DocumentIdentity: Int], isSameName: Bool
    ) {
        guard let history = histories[name], let index = byIdentity[history.identity],
            documents[index].identity.isSurely(history.identity), journalOf[index] == nil,
            (documents[index].name == name) == isSameName
        else { return }
        own(name, index)
    }

    /// An editor that saves by replacing the file leaves another file of that name in that folder.
    private mutating func matchInPlace(_ name: FileName) {
        guard let history = histories[name], !history.isGone else { return }
        for index in named[name] ?? [] where documents[index].folder == history.folder {
            if journalOf[index] == nil { own(name, index) }
        }
    }

    /// An unfinished mailing that was edited by replacing its file, and moved before anybody looked: its document is
    /// nowhere, and a file of its name is where only a mailing that has begun is put by a person.
    private mutating func matchMoved(_ name: FileName) {
        guard let history = histories[name], !history.isGone, !obscured.contains(name) else { return }
        let strangers = strangers(of: name)
        let begun = strangers.filter { documents[$0].folder == .active || documents[$0].folder == .paused }
        if history.isOpen, begun.count == 1, isTold(history, begun[0]) { return own(name, begun[0]) }
        // In done/ nobody is mailed, whichever mailing it is.
        if strangers.count == 1, documents[strangers[0]].folder == .done { own(name, strangers[0]) }
    }

    /// Whether the file system tells files apart, so that this one surely is another.
    private func isTold(_ history: MailingHistory, _ index: Int) -> Bool {
        history.identity.birth != nil && documents[index].identity.birth != nil
    }

    private func strangers(of name: FileName) -> [Int] {
        (named[name] ?? []).filter { journalOf[$0] == nil }
    }

    private mutating func judgeOwned(_ name: FileName, _ index: Int) {
        guard let history = histories[name] else { return }
        let document = documents[index]
        if document.name != name {
            if let other = histories[document.name] {
                if !other.isOpen, !isContested(document.name) { repairs.append(.displace(document.name)) }
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
        let isContested = isContested(name)
        if history.isOpen {
            if !isContested && !history.isGone { vanished[name] = history }
        } else if history.isNameFree {
            if !strangers(of: name).isEmpty || !DatedName.isDated(name) { repairs.append(.displace(name)) }
        } else if !isContested {
            vanished[name] = history
        }
    }

    /// Whether a mailing's own document is nowhere and another file has its name, of which nobody can tell whether it is
    /// that one, edited: until a person has said so, its name is not free.
    package func isContested(_ name: FileName) -> Bool {
        guard let history = histories[name], documentOf[name] == nil else { return false }
        return !history.isNameFree && !strangers(of: name).isEmpty
    }

    /// Writes down which documents are nowhere, unless one may have another name now.
    private mutating func recordVanished() {
        var doubtful: Set<FileName> = []
        for standing in standings {
            switch standing {
            case .unfamiliar(let mailings): doubtful.formUnion(mailings.keys)
            case .conflict(.renamed(let name, _)): doubtful.insert(name)
            default: break
            }
        }
        for name in vanished.keys.sorted() where !doubtful.contains(name) {
            let keepsName = histories[name]?.isOpen == true || DatedName.isDated(name)
            repairs.append(keepsName ? .gone(name) : .displace(name))
        }
    }

    private func standing(
        of index: Int, _ resemblance: (DocumentVersion) -> Resemblance?
    ) -> Standing {
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
            if document.folder == .done { return .over }
            if let history = histories[journal], history.isAtRest { return .returned(history) }
            return .continues
        }
        return strangerStanding(document, namesakes, resemblance)
    }

    private func strangerStanding(
        _ document: FoundDocument, _ namesakes: [Int], _ resemblance: (DocumentVersion) -> Resemblance?
    ) -> Standing {
        let history = histories[document.name]
        if document.folder == .done { return .over }
        if let history, isContested(document.name) { return .conflict(.unrecognised(history)) }
        if history == nil, let doubt = doubt(about: document, resemblance) { return doubt }
        // Who lies in active/ or paused/ goes before who waits in scheduled/; who has begun, before everybody.
        let isHeldUp = namesakes.contains { other in
            let folder = documents[other].folder
            if folder == .done { return false }
            return journalOf[other] != nil || document.folder == .scheduled
        }
        if isHeldUp || documentOf[document.name] != nil && history?.isOpen == true { return .waits }
        return .new(displacing: history != nil)
    }

    /// Whether a mailing's document is in any folder.
    package func hasDocument(_ name: FileName) -> Bool { documentOf[name] != nil }

    /// Whether a document that no journal knows may be that of a mailing whose own has just vanished.
    private func doubt(
        about document: FoundDocument, _ resemblance: (DocumentVersion) -> Resemblance?
    ) -> Standing? {
        if vanished.isEmpty { return nil }
        switch resemblance(document.version) {
        case nil: return .unfamiliar(vanished)
        case .unrelated: return nil
        case .mailing(let name):
            guard let history = vanished[name] else { return nil }
            return .conflict(.renamed(name, history))
        }
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
