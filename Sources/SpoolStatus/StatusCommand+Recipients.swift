internal import SpoolConsole
internal import SpoolMail
internal import SpoolMailing
internal import SpoolStore
import SpoolSystem

/// `spool-status --recipients`.
extension StatusCommand {
    /// What is asked of `--recipients`.
    struct RecipientsQuery {
        /// Which recipients; all if nil.
        let states: Set<RecipientRow.State>?
        let format: RecipientFormat

        /// Reads the options that belong to `--recipients`.
        init(_ options: Arguments) throws(UsageError) {
            if options.has("csv"), options.has("json") {
                throw UsageError(description: "--csv and --json do not go together")
            }
            if options.has("csv") {
                format = .csv(isForTerminal: StandardStream.output.isTerminal)
            } else if options.has("json") {
                format = .json
            } else if StandardStream.output.isTerminal {
                format = .table(TerminalStyle(usesColor: options.usesColor))
            } else {
                format = .tabs
            }
            states = try options["state"].map(RecipientsQuery.states)
        }

        private static func states(
            _ text: String
        ) throws(UsageError) -> Set<RecipientRow.State> {
            var states: Set<RecipientRow.State> = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let state = RecipientRow.State(rawValue: String(word)) else {
                    let known = RecipientRow.State.allCases.map(\.rawValue).joined(separator: ", ")
                    throw UsageError(
                        description: "--state: there is no state \(word); there are \(known)")
                }
                states.insert(state)
            }
            return states
        }
    }
}

extension StatusQuestion {
    /// Lists recipients on standard output, as they are read.
    func list(_ query: StatusCommand.RecipientsQuery) throws(CommandFailure) -> ExitStatus {
        let status = try ask()
        do {
            let spool = try SpoolDirectory(path: spool)
            let mailings = names.isEmpty ? status.mailings : StatusQuestion.oneOfEachName(status.mailings)
            var output = RecipientOutput(query, withMailing: names.count != 1)
            var worst = ExitStatus.ok
            for mailing in mailings {
                do {
                    let listing = try RecipientListing(
                        mailing, spool: spool, isTicking: status.isTicking, at: status.at)
                    if let shortcoming = listing.shortcoming {
                        StatusQuestion.say(
                            "\(mailing.place): these are the recipients whom the journal knows; "
                                + "the list itself cannot be used: \(shortcoming)")
                    }
                    try output.add(listing, of: mailing.name)
                } catch let unreadable as RecipientListing.Unreadable {
                    StatusQuestion.say("\(mailing.place): its list cannot be read: \(unreadable.reason)")
                    worst = .dataError
                }
            }
            try output.flush()
            return worst
        } catch let error as SystemError {
            // Whoever reads has seen enough.
            if error.isClosedPipe { return .ok }
            throw CommandFailure(opening: error, missing: .noInput)
        } catch RecipientReadFailure.unreadable(let reason) {
            throw CommandFailure(reason, .ioError)
        } catch RecipientReadFailure.changed {
            throw CommandFailure(
                "the list changed while it was read; what was printed is not all of it",
                .temporaryFailure)
        } catch {
            throw CommandFailure("\(error)", .ioError)
        }
    }

    /// Of several mailings of one name the one that has begun, and that is said.
    private static func oneOfEachName(_ mailings: [MailingStatus]) -> [MailingStatus] {
        var chosen: [MailingStatus] = []
        for mailing in mailings {
            guard let rival = chosen.firstIndex(where: { FileName($0.name) == FileName(mailing.name) }) else {
                chosen.append(mailing)
                continue
            }
            let places = "\(chosen[rival].place) and \(mailing.place)"
            if chosen[rival].journal == nil { chosen[rival] = mailing }
            say("there are \(places); these are the recipients of \(chosen[rival].place)")
        }
        return chosen
    }

    private static func say(_ text: String) { Output.say(text, as: StatusCommand.name) }
}

/// Writes rows to standard output, many at a time.
private struct RecipientOutput {
    private let query: StatusCommand.RecipientsQuery
    private let withMailing: Bool
    private var text: String

    private static let chunk = 1 << 16

    init(_ query: StatusCommand.RecipientsQuery, withMailing: Bool) {
        self.query = query
        self.withMailing = withMailing
        text = query.format.header(withMailing: withMailing)
    }

    mutating func add(_ listing: RecipientListing, of mailing: String) throws {
        try listing.forEach { row in
            if let states = query.states, !states.contains(row.state) { return }
            text += query.format.row(row, of: withMailing ? mailing : nil)
            if text.utf8.count >= RecipientOutput.chunk { try flush() }
        }
    }

    mutating func flush() throws {
        try StandardStream.output.write(text)
        text.removeAll(keepingCapacity: true)
    }
}
