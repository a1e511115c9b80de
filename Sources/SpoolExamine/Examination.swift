internal import Dispatch
package import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import Synchronization

/// Somebody who looks on while a document is examined, on the thread that does it.
package protocol ExaminationObserver: Sendable {
    /// The document itself is without fault; its lists are read next.
    func begins(_ mailing: Mailing, written: Document)
    /// A recipient who can be mailed, in the order of the lists; nothing but a value for a variable may be missing.
    func passes(_ recipient: Recipient)
}

/// What an examination of a document came to.
///
/// Made on another thread and then handed over whole: nothing of it is touched by two threads at a time.
package final class Examination: @unchecked Sendable {
    /// What the list is to know of the past.
    package enum JournalUse {
        /// Nothing: the list is only counted.
        case none
        /// What the journal of its name says, for the numbers alone.
        case counted
        /// Nothing has happened yet: the mailing has no journal of its own.
        case new
        /// What the journal of its name says.
        case replayed
    }

    package let document: FoundDocument
    package let context: String
    /// The files that the document names, as they were.
    package var files: [String: String] = [:]
    package var errors: [Diagnostic] = []
    package var warnings: [Diagnostic] = []
    package var content: Mailing?
    package var title = MailingTitle()
    package var sendAt: Timestamp?
    package var summary: ListSummary?
    /// The numbers of the list with what has become of its recipients, for a mailing that has begun and lies still.
    package var counts: MailingCounts?
    /// The list with what the journal says of it, where a delivery wants it.
    package var replay: Replay?
    /// When to look again: half a document, or a file that is still changing.
    package var againAt: Timestamp?
    package var isHeldByFile = false
    /// Lists of more bytes are not read.
    package var listLimit = Int64.max
    /// Is shown what is read, beside its being judged.
    package var observer: (any ExaminationObserver)?

    package init(_ document: FoundDocument, context: String) {
        self.document = document
        self.context = context
    }
}

extension Examination {
    /// Reads and judges the document.
    package func run(
        spool: SpoolDirectory, journals: JournalDirectory, settings: Configuration, suppression: Suppression,
        journal: JournalUse, at moment: Moment
    ) throws(SystemError) {
        guard let bytes = try read(spool) else { return }
        try judge(
            bytes, spool: spool, journals: journals, settings: settings, suppression: suppression,
            journal: journal,
            at: moment)
    }

    /// Judges a document by its bytes.
    package func judge(
        _ bytes: [UInt8], spool: SpoolDirectory, journals: JournalDirectory, settings: Configuration,
        suppression: Suppression, journal: JournalUse, at moment: Moment
    ) throws(SystemError) {
        let reading: DocumentReading
        do throws(Diagnostic) {
            reading = try DocumentReading(bytes)
        } catch {
            // What does not parse and is young is only half there as yet.
            let written = Timestamp(document.version.modified)
            if written <= moment.wall, moment.wall - written < Examiner.settling {
                againAt = written + Examiner.settling
            } else {
                errors = [error]
            }
            return
        }
        let validation = MailingValidation(
            reading, configuration: settings, files: spool.files, mediaTypes: Examination.mediaTypes,
            lookUp: TimeZones.named)
        for file in validation.files { files[file.path] = Examiner.stamp(file.status) }
        title.subject = reading.document.subject
        title.from = reading.document.from
        warnings = validation.warnings
        if holdIfChanging(validation.files, at: moment) { return }
        switch validation.outcome {
        case .failure(let problems): errors = problems.all
        case .success(let mailing):
            title.from = reading.document.from ?? mailing.content.design.from.text
            sendAt = mailing.timing.sendAt
            title.sendAt = sendAt?.rfc3339
            observer?.begins(mailing, written: reading.document)
            try load(mailing, spool, journals, suppression, journal: journal, at: moment)
        }
    }

    private func read(_ spool: SpoolDirectory) throws(SystemError) -> [UInt8]? {
        let file: File
        do throws(SystemError) {
            file = try spool[document.folder].open(SpoolDirectory.documentName(document.name))
        } catch  where error.isMissing {
            // Moved meanwhile; the next look finds it.
            againAt = .init(milliseconds: 0)
            return nil
        }
        let status = try file.status()
        if DocumentVersion(status) != document.version {
            againAt = .init(milliseconds: 0)
            return nil
        }
        if status.size > DocumentReading.sizeLimit {
            errors = [DocumentReading.tooLarge]
            return nil
        }
        return try file.contents(limit: DocumentReading.sizeLimit + 1)
    }

    /// A file that somebody is still writing must not be taken for the whole of it.
    private func holdIfChanging(_ files: [ReferredFile], at moment: Moment) -> Bool {
        let settled = files.compactMap { $0.status.map { Timestamp($0.modified) } }
            .filter { $0 <= moment.wall }.max().map { $0 + Examiner.settling }
        guard let settled, settled > moment.wall else { return false }
        isHeldByFile = true
        againAt = settled
        return true
    }

    private func load(
        _ mailing: Mailing, _ spool: SpoolDirectory, _ journals: JournalDirectory, _ suppression: Suppression,
        journal: JournalUse, at moment: Moment
    ) throws(SystemError) {
        if let status = mailing.recipients.file?.status, status.size > listLimit { return }
        let design = mailing.content.design
        let observer = observer
        let list: RecipientList
        do throws(RecipientListFailure) {
            list = try RecipientList.load(
                mailing, files: spool.files, suppression: suppression,
                check: { recipient in
                    let complaints = design.complaints(about: recipient)
                    if complaints.isEmpty { observer?.passes(recipient) }
                    return complaints
                })
        } catch {
            switch error {
            case .invalid(let problems, let summary):
                errors = problems
                self.summary = summary
            case .unreadable(let problems, let summary):
                errors = problems
                self.summary = summary
                againAt = moment.wall + Examiner.patience
            case .changed:
                isHeldByFile = true
                againAt = moment.wall + .seconds(1)
            case .stopped: againAt = moment.wall
            }
            return
        }
        summary = list.summary
        warnings += list.warnings
        content = mailing
        switch journal {
        case .none: break
        case .counted:
            counts = try Replay(try journals.open(document.name), into: list, now: moment.wall).history.counts
        case .new: replay = try Replay(nil, into: list, now: moment.wall)
        case .replayed:
            replay = try Replay(try journals.open(document.name), into: list, now: moment.wall)
        }
    }

    private static let mediaTypes: MediaTypes = {
        File.contents(ofPath: "/etc/mime.types").map(MediaTypes.init(mimeTypes:)) ?? .builtIn
    }()
}

extension MessageDesign {
    /// What would keep a recipient's headers from being rendered; missing values are found elsewhere.
    package func complaints(about recipient: Recipient) -> [RecipientDiagnostic] {
        let mailbox = Mailbox(name: recipient.name, address: recipient.address)
        return problems(for: mailbox, value: recipient.value).compactMap { problem in
            switch problem {
            case .missingValue: nil
            case .unsubscribeURL, .oneClickWithoutHTTPS:
                RecipientDiagnostic(
                    key: "listUnsubscribe", one: "has: \(problem)", many: "have: \(problem)",
                    hint: "begin the url with https://")
            case .headerTooLong(let field):
                RecipientDiagnostic(
                    key: HeaderKey.key(ofField: field), one: "has a \(field) field that is too long",
                    many: "have a \(field) field that is too long", hint: "shorten the values in the list")
            }
        }
    }
}

extension Mailbox {
    /// `Name <address>`, for people to read.
    fileprivate var text: String { name.map { "\($0) <\(address)>" } ?? address.description }
}
