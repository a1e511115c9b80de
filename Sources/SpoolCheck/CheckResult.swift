internal import SpoolConsole
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore

/// All that is to be said of one file.
struct CheckResult: Sendable {
    /// A part of the message.
    struct Part: Equatable, Sendable {
        var type: String
        /// Of an attachment.
        var name: String?
        /// Before its transfer encoding; of a body as the first recipient gets it.
        var bytes: Int
        /// Whether it is made from the HTML.
        var isDerived = false
    }

    /// A way out of the spool.
    enum Delivery: Equatable, Sendable {
        /// A program and its first arguments.
        case sendmail([String])
        /// A directory of files, by its whole path.
        case maildir(String)
        /// A mail system that is connected to.
        case smtp(host: String, port: Int)

        /// As config.json calls it in `delivery.via`.
        var via: String {
            switch self {
            case .sendmail: "sendmail"
            case .maildir: "maildir"
            case .smtp: "smtp"
            }
        }
    }

    /// As it was given.
    var path: String
    /// The mailing's name.
    var name: String
    /// The spool that it was judged for; nil if that could not be made out.
    var spool: String?
    /// The state folder in which it lies.
    var folder: Folder?
    var at: Timestamp
    var from: String?
    /// As the first recipient will see it, or as it is written if nobody can be mailed.
    var subject: String?
    var plan: DeliveryPlan?
    var recipients: ListSummary?
    /// How far it has come, if it has begun.
    var counts: MailingCounts?
    var parts: [Part] = []
    /// The largest message.
    var largest: MessageSurvey.SizedMessage?
    var errors: [Diagnostic] = []
    var warnings: [Diagnostic] = []
    /// How its messages are handed over; nil if that could not be made out.
    var delivery: Delivery?
    /// Why a tick would send nothing, whatever the document says.
    var refusals: [Diagnostic] = []
    /// What a tick ends with for these.
    var refusedWith = ExitStatus.configuration

    /// The file's name without its directory, which problems are said of.
    var fileName: String {
        path.utf8.split(separator: 0x2F).last.flatMap { String($0) } ?? path
    }

    /// Whether a tick would send it.
    var canBeSent: Bool { errors.isEmpty && refusals.isEmpty }

    /// What the command exits with.
    var status: ExitStatus {
        if !refusals.isEmpty { return refusedWith }
        return errors.isEmpty ? .ok : .dataError
    }

    init(path: String, name: String, spool: String?, folder: Folder? = nil, at: Timestamp) {
        self.path = path
        self.name = name
        self.spool = spool
        self.folder = folder
        self.at = at
    }

    /// The result for a file of which nothing can be said.
    init(path: String, failure: CommandFailure, at: Timestamp) {
        self.init(path: path, name: "", spool: nil, at: at)
        name = fileName.hasSuffix(".json") ? String(fileName.dropLast(".json".count)) : fileName
        errors = failure.reasons.map {
            Diagnostic(message: $0, hint: "see to it that the file and its spool can be read")
        }
    }
}

extension CheckResult {
    /// The result as an element of `files`.
    var json: JSONText {
        .object([
            ("file", .string(path)), ("name", .string(name)), ("spool", .of(spool)),
            ("state", .of(folder?.rawValue)), ("canBeSent", .bool(canBeSent)), ("from", .of(from)),
            ("subject", .of(subject)), ("sendAt", .of(plan?.sendAt)),
            ("beginsAt", .of(isHeld ? nil : plan?.opens)),
            ("secondsNeeded", .of(plan?.seconds.map { Int(clamping: $0) })),
            ("recipients", .of(recipients?.rows)),
            ("unique", .of(recipients?.unique)), ("duplicate", .of(recipients?.duplicates)),
            ("invalid", .of(recipients?.invalid)), ("suppressed", .of(recipients?.suppressed)),
            ("addressColumn", .of(recipients?.guessedColumn)),
            ("sent", .of(counts?.sent)), ("remaining", .of(plan?.remaining)),
            ("parts", .array(parts.map(\.json))),
            ("largestMessage", .of(largest?.bytes)), ("via", .of(delivery?.via)),
            ("errors", .array((refusals + errors).map(\.json))),
            ("warnings", .array(warnings.map(\.json))),
        ])
    }

    private var isHeld: Bool {
        if case .person? = plan?.start { return true }
        return false
    }
}

extension CheckResult.Part {
    fileprivate var json: JSONText {
        .object([
            ("type", .string(type)), ("name", .of(name)), ("bytes", .int(bytes)),
            ("derived", .bool(isDerived)),
        ])
    }
}
