internal import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import Synchronization

/// What is to be examined, and by what it is judged.
package struct ExaminationRequest: Sendable {
    /// What the list is to know of the past.
    package enum JournalUse: Sendable {
        /// Nothing: the list is only counted.
        case none
        /// What the journal of its name says, for the numbers alone.
        case counted
        /// Nothing has happened yet: the mailing has no journal of its own.
        case new
        /// The same, of a mailing in `scheduled/`: its list is kept at hand if its time has come.
        case newIfDue
        /// What the journal of its name says.
        case replayed
        /// The same, for who would be mailed if the document were taken for that mailing's.
        case forecast
        /// What the journals of these mailings say, one of which the document may be of, under another name.
        case compared([FileName: MailingHistory])
    }

    package let document: FoundDocument
    package let settings: Configuration
    let suppression: Suppression
    let journal: JournalUse
    /// The clock on the wall, for how long ago a file was written: to be asked after the file was.
    var now: @Sendable () -> Timestamp
    /// What documents are judged by beside themselves, for whoever compares it later.
    package var context = ""
    /// Lists of more bytes are not read.
    package var listLimit = Int64.max
    /// Is shown what is read, beside its being judged.
    package var observer: (any ExaminationObserver)?

    /// Makes a request to judge a document as of a moment.
    package init(
        _ document: FoundDocument, settings: Configuration, suppression: Suppression, journal: JournalUse,
        at moment: Moment
    ) {
        self.document = document
        self.settings = settings
        self.suppression = suppression
        self.journal = journal
        now = { moment.wall }
    }
}

/// Somebody who looks on while a document is examined, on the thread that does it.
package protocol ExaminationObserver: Sendable {
    /// The document itself is without fault; its lists are read next.
    func begins(_ mailing: Mailing, written: Document)
    /// A recipient who can be mailed, in the order of the lists; nothing but a value for a variable may be missing.
    func passes(_ recipient: Recipient)
}

/// What an examination of a document came to.
package struct Examination {
    package let request: ExaminationRequest
    /// The files that the document names, as they were.
    package private(set) var files: [String: FileStamp] = [:]
    package private(set) var errors: [Diagnostic] = []
    package private(set) var warnings: [Diagnostic] = []
    package private(set) var content: Mailing?
    package private(set) var title = MailingTitle()
    package private(set) var sendAt: Timestamp?
    package private(set) var summary: ListSummary?
    /// The numbers of the list with what has become of its recipients, for a mailing that has begun and lies still.
    package private(set) var counts: MailingCounts?
    /// The list with what the journal says of it, where a delivery wants it.
    package private(set) var replay: Replay?
    /// What would follow if the document were taken for that of the mailing of its name.
    package private(set) var forecast: SendForecast?
    /// Whether it may be the document of a mailing that it was compared with.
    package private(set) var resemblance: Lifecycle.Resemblance?
    /// When to look again: half a document, or a file that is still changing.
    package private(set) var againAt: Timestamp?
    package private(set) var isHeldByFile = false
    private var sizeLimit = Int64.max
    /// How many bytes are to be read, if that was more than the limit; nothing is judged then.
    private(set) var sizeBeyondLimit: Int64?

    /// Nothing is known of the document.
    package init(_ request: ExaminationRequest) {
        self.request = request
    }

    /// The document cannot be read for now.
    init(_ request: ExaminationRequest, unreadable error: SystemError) {
        self.request = request
        errors = [
            error.isShortage
                ? Diagnostic(shortage: error)
                : Diagnostic(
                    message: "it cannot be read: \(error)", hint: "see to it that spool-tick can read it")
        ]
        againAt = request.now() + (error.isShortage ? .seconds(1) : Examiner.patience)
    }

    /// Reads and judges a document.
    ///
    /// - Parameter limit: bytes of the document and of what it names that is read; with more it is left unjudged.
    package static func run(
        _ request: ExaminationRequest, in spool: SpoolDirectory, _ journals: JournalDirectory,
        limit: Int64 = .max
    ) throws(SystemError) -> sending Examination {
        var examination = Examination(request)
        examination.sizeLimit = limit
        if let bytes = try examination.read(spool) { try examination.judge(bytes, spool, journals) }
        return examination
    }

    /// Judges a document by its bytes.
    package static func judge(
        _ bytes: [UInt8], _ request: ExaminationRequest, in spool: SpoolDirectory,
        _ journals: JournalDirectory
    ) throws(SystemError) -> sending Examination {
        var examination = Examination(request)
        if bytes.count > DocumentReading.sizeLimit {
            examination.errors = [DocumentReading.tooLarge]
        } else {
            try examination.judge(bytes, spool, journals)
        }
        return examination
    }

    private mutating func judge(
        _ bytes: [UInt8], _ spool: SpoolDirectory, _ journals: JournalDirectory
    ) throws(SystemError) {
        let reading: DocumentReading
        do throws(Diagnostic) {
            reading = try DocumentReading(bytes)
        } catch {
            // What does not parse and is young is only half there as yet.
            let now = request.now()
            let written = Timestamp(request.document.version.modified)
            if written <= now, now - written < Examiner.settling {
                againAt = written + Examiner.settling
            } else {
                errors = [error]
            }
            return
        }
        let size = try bytesToRead(reading.document, spool, journals)
        if size > sizeLimit {
            sizeBeyondLimit = size
            return
        }
        var shortage: SystemError?
        let validation = MailingValidation(
            reading, configuration: request.settings, files: spool.files,
            mediaTypes: try Examination.mediaTypes()
        ) { name throws(Diagnostic) in try TimeZones.named(name, shortage: &shortage) }
        if let shortage = shortage ?? validation.shortage { throw shortage }
        for file in validation.files { files[file.path] = FileStamp(file.status) }
        title.subject = reading.document.subject
        title.from = reading.document.from
        warnings = validation.warnings
        if holdIfChanging(validation.files) { return }
        switch validation.outcome {
        case .failure(let problems): errors = problems.all
        case .success(let mailing):
            title.from = reading.document.from ?? mailing.content.design.from.text
            sendAt = mailing.timing.sendAt
            title.sendAt = sendAt?.wholeSecond
            request.observer?.begins(mailing, written: reading.document)
            try load(mailing, spool, journals)
        }
    }

    /// About how much has to be read to judge the document: it, its bodies, its list and its journal.
    private func bytesToRead(
        _ document: Document, _ spool: SpoolDirectory, _ journals: JournalDirectory
    ) throws(SystemError) -> Int64 {
        if sizeLimit == .max { return 0 }
        var size = request.document.version.size
        for path in [document.textFile, document.htmlFile, document.recipientsFile].compactMap(\.self) {
            // What is wrong with it is found when it is read.
            size += (try? spool.files.openBeneath(path).status().size) ?? 0
        }
        switch request.journal {
        case .none, .new, .newIfDue: return size
        case .counted, .replayed, .forecast:
            return size + (try journals.open(request.document.name)?.status().size ?? 0)
        case .compared(let mailings):
            for other in mailings.keys { size += try journals.open(other)?.status().size ?? 0 }
            return size
        }
    }

    private mutating func read(_ spool: SpoolDirectory) throws(SystemError) -> [UInt8]? {
        let file: File
        do throws(SystemError) {
            file = try spool[request.document.folder].open(SpoolDirectory.documentName(request.document.name))
        } catch  where error.isMissing {
            // Moved meanwhile; the next look finds it.
            againAt = .init(milliseconds: 0)
            return nil
        }
        let status = try file.status()
        if DocumentVersion(status) != request.document.version {
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
    private mutating func holdIfChanging(_ files: [ReferredFile]) -> Bool {
        let now = request.now()
        let settled = files.compactMap { $0.status.map { Timestamp($0.modified) } }
            .filter { $0 <= now }.max().map { $0 + Examiner.settling }
        guard let settled, settled > now else { return false }
        isHeldByFile = true
        againAt = settled
        return true
    }

    private mutating func load(
        _ mailing: Mailing, _ spool: SpoolDirectory, _ journals: JournalDirectory
    ) throws(SystemError) {
        if let status = mailing.recipients.file?.status, status.size > request.listLimit { return }
        let observer = request.observer
        let list: RecipientList
        do throws(RecipientListFailure) {
            list = try RecipientList.load(
                mailing, files: spool.files, suppression: request.suppression,
                check: { recipient in
                    let complaints = mailing.complaints(about: recipient)
                    if complaints.isEmpty { observer?.passes(recipient) }
                    return complaints
                })
        } catch {
            switch error {
            case .invalid(let problems, let summary): (errors, self.summary) = (problems, summary)
            case .unreadable(let problems, let summary):
                (errors, self.summary) = (problems, summary)
                againAt = request.now() + Examiner.patience
            case .changed:
                isHeldByFile = true
                againAt = request.now() + .seconds(1)
            }
            return
        }
        let now = request.now()
        summary = list.summary
        warnings += list.warnings
        content = mailing
        let name = request.document.name
        switch request.journal {
        case .none: break
        case .newIfDue:
            // Not read once more when it has been moved to active/.
            if isDue(at: now) { replay = try Replay(nil, into: list, now: now) }
        case .counted:
            let replay = try Replay(try journals.open(name), into: list, now: now)
            counts = replay.history.counts
            if request.document.folder == .scheduled, isDue(at: now) { self.replay = replay }
        case .new: replay = try Replay(nil, into: list, now: now)
        case .replayed: replay = try Replay(try journals.open(name), into: list, now: now)
        case .forecast:
            forecast = SendForecast(mailing, try Replay(try journals.open(name), into: list, now: now))
        case .compared(let mailings):
            resemblance = .unrelated
            for (other, history) in mailings where history.resembles(mailing.content) {
                guard let journal = try journals.open(other), try journal.names(anyoneOf: list) else {
                    continue
                }
                resemblance = .mailing(other)
            }
        }
        // Until it is delivered that may be long, and there may be thousands of them.
        list.rest()
    }

    private func isDue(at now: Timestamp) -> Bool { sendAt.map { $0 <= now } ?? true }

    private static let machineTypes = Mutex<MediaTypes?>(nil)

    /// The machine's media types, read once.
    private static func mediaTypes() throws(SystemError) -> MediaTypes {
        try machineTypes.withLock { known throws(SystemError) in
            if let known { return known }
            let types =
                try File.contents(ofPath: "/etc/mime.types").map(MediaTypes.init(mimeTypes:)) ?? .builtIn
            known = types
            return types
        }
    }
}

extension Mailing {
    /// What would keep a recipient's message from being rendered; missing values are found elsewhere.
    func complaints(about recipient: Recipient) -> [RecipientDiagnostic] {
        let mailbox = Mailbox(name: recipient.name, address: recipient.address)
        let problems = content.design.problems(
            for: mailbox, longestValue: recipient.longestValue, value: recipient.value)
        return problems.compactMap { problem in
            switch problem {
            case .missingValue: nil
            case .tooLarge: tooLarge
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

extension Diagnostic {
    /// What is said of a mailing for which the machine has not what it takes.
    package init(shortage error: SystemError) {
        if error.isShortage {
            let (what, remedy) = error.missingResource
            self.init(message: "it waits: \(what)", hint: "it is tried again all the time; \(remedy)")
        } else {
            self.init(message: "it waits: \(error)", hint: "it is tried again all the time")
        }
    }
}
