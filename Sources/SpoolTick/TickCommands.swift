internal import SpoolConsole
internal import SpoolDelivery
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolText
internal import SpoolWriting

/// What `spool-tick` does beside ticking.
extension Tick {
    /// Writes down what a person says of recipients in doubt.
    static func resolve(_ resolution: Resolution, spool path: String) -> ExitStatus {
        withLock(path) { spool, journals in
            let name = try find(resolution.name.string, "mailing", in: journals)
            guard var history = try journals.history(of: name), let file = try journals.open(name) else {
                throw CommandFailure("there is no mailing \(name) that has begun", .noInput)
            }
            let wanted = try resolution.address.map { text in
                do throws(EmailAddressError) {
                    return try EmailAddress(text).normalized
                } catch {
                    throw CommandFailure("\(text): \(error)", .usage)
                }
            }
            let doubts = try JournalDoubts(file)
            let addresses = doubts.recipients.filter { wanted == nil || $0.address == wanted }
            let isReportMeant = try isReportInDoubt(history, file, to: wanted)
            if addresses.isEmpty, !isReportMeant {
                let who = resolution.address.map { "\($0) of \(name) is not" }
                throw CommandFailure(
                    "\(who ?? "nobody of \(name) is") in doubt; journal/\(name).journal tells who was",
                    .noInput)
            }
            let moment = Moment.now()
            let journal = try journals.writer(of: name)
            let resolved = RecipientEvent.resolved(resolution.outcome)
            for doubtful in addresses {
                if let doubt = doubtful.progress.doubtAfterKill(at: moment.wall) {
                    journal.record(.recipient(doubtful.address, doubt), in: &history, at: moment.wall)
                }
                journal.record(.recipient(doubtful.address, resolved), in: &history, at: moment.wall)
            }
            if isReportMeant {
                journal.record(.report(.progress(resolved)), in: &history, at: moment.wall)
            }
            journal.sumUp(history, at: moment.wall)
            try journal.synchronize()
        }
    }

    /// The mailing with a journal that a person means.
    static func find(_ text: String, _ what: String, in journals: JournalDirectory) throws -> FileName {
        let meant = MailingName(FileName(text))
        let names = try journals.mailings()
        guard let name = meant.find(among: names) else {
            throw CommandFailure(meant.missing(what, among: names), .noInput)
        }
        return name
    }

    /// Whether nobody knows what became of the report on a mailing, and it went to this normalised address, or to any.
    private static func isReportInDoubt(
        _ history: MailingHistory, _ file: File, to wanted: String?
    ) throws(SystemError) -> Bool {
        guard history.pendingReport?.state.leftByKill == .inDoubt else { return false }
        guard let wanted else { return true }
        return try CompletionReportOrder.last(in: file)?.to.mailbox?.address.normalized == wanted
    }

    /// Does something to the journals that no tick may be at; a tick that is under way is asked to end first.
    static func withLock(
        _ path: String,
        _ body: (SpoolDirectory, JournalDirectory) throws -> Void
    ) -> ExitStatus {
        do {
            let spool = try open(path)
            let want = try LockFile(in: spool.journal, TickLock.wantName)
            try want.takeWaiting()
            let lock = try LockFile(in: spool.journal, TickLock.name)
            if try !lock.take() {
                Output.say("waiting for the tick that is at work to end", as: TickCommand.name)
                try lock.takeWaiting()
            }
            try body(spool, try JournalDirectory(spool.journal))
            return .ok
        } catch {
            return report(error, path: path)
        }
    }
}
