internal import SpoolDelivery
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// The renames of documents that a tick makes, and how a mailing makes room for another of its name.
struct DocumentMoves {
    let spool: SpoolDirectory
    let registry: MailingRegistry
    let folders: FolderMoves
    let announcements: Announcements
    /// Of config.json, for the days in dated names.
    let zone: TimeZoneRules

    /// Moves a scheduled mailing into `active/`; false if a person was quicker.
    func start(_ name: FileName) throws(SystemError) -> Bool {
        let file = SpoolDirectory.documentName(name)
        do throws(SystemError) {
            try spool[.scheduled].move(file, to: spool[.active], as: file)
        } catch  where error.isMissing || error.isOccupied {
            return false
        }
        folders.note()
        announcements.mention("\(name): due, moved to active/")
        return true
    }

    /// Moves an ended mailing's document to `done/`, and says so in its journal.
    ///
    /// The journal has been closed before: a crash between the two finds an ended mailing in `active/` and only moves it.
    func finish(_ document: FoundDocument, at moment: Moment) throws(SystemError) {
        let name = SpoolDirectory.documentName(document.name)
        guard let status = try spool[.active].status(of: name), DocumentVersion(status) == document.version
        else { return }
        do throws(SystemError) {
            try spool[.active].move(name, to: spool[.done], as: name)
        } catch  where error.isOccupied {
            // A document without a journal of its own is in the way: it makes room like an ended mailing.
            let aside = try freeDatedName(document.name, on: moment.wall)
            try spool[.done].move(name, to: spool[.done], as: SpoolDirectory.documentName(aside))
            try spool[.active].move(name, to: spool[.done], as: name)
        } catch  where error.isMissing {
            return
        }
        if let moved = try spool[.done].status(of: name), DocumentVersion(moved) != document.version {
            // Somebody replaced the document between the look and the move: what was moved is not what has ended.
            try spool[.done].move(name, to: spool[.active], as: name)
            return
        }
        folders.note()
        guard let history = registry[document.name] else { return }
        try registry.write(
            [.document(DocumentPlace(folder: .done, identity: history.identity))], of: document.name,
            at: moment)
    }

    /// Gives an ended mailing's document and journal their dated names, so that its own is free.
    ///
    /// The document goes first: if we are killed in between, the journal is found to belong to a renamed document and
    /// follows it.
    func displace(_ name: FileName, at moment: Moment) throws(SystemError) {
        guard let history = registry[name], !history.isOpen else { return }
        let aside = try freeDatedName(name, on: history.closedAt ?? moment.wall)
        folders.note()
        if try !isTakenByOther(name) {
            do throws(SystemError) {
                try spool[.done].move(
                    SpoolDirectory.documentName(name), to: spool[.done],
                    as: SpoolDirectory.documentName(aside))
            } catch  where error.isMissing {
                // Somebody has cleaned up; only the journal is left.
            }
        }
        try registry.rename(name, to: aside)
        try spool[.done].synchronize()
        try spool.journal.synchronize()
        announcements.mention("\(name): the one that has ended is called \(aside) now")
    }

    /// Whether what lies in `done/` under a mailing's name is the document of another, which a person has renamed.
    private func isTakenByOther(_ name: FileName) throws(SystemError) -> Bool {
        guard let status = try spool[.done].status(of: SpoolDirectory.documentName(name)) else {
            return false
        }
        let found = DocumentVersion(status).identity
        return registry.all.contains { $0.key != name && $0.value.identity.isSurely(found) }
    }

    private func freeDatedName(_ name: FileName, on time: Timestamp) throws(SystemError) -> FileName {
        try registry.freeDatedName(name, day: time.day(in: zone)) { candidate throws(SystemError) in
            try spool[.done].status(of: SpoolDirectory.documentName(candidate)) != nil
        }
    }
}
