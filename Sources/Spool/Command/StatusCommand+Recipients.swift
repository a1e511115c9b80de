internal import SpoolSystem

/// `spool-status --recipients`.
extension StatusCommand {
    /// What is asked of `--recipients`.
    struct RecipientsQuery {
        /// Which mailings; all there are if none is named.
        let names: [FileName]
        /// Which recipients; all if nil.
        let states: Set<RecipientStanding.State>?
        let format: RecipientFormat

        /// Reads the options that belong to `--recipients`.
        init(_ options: Arguments) throws(Arguments.Mistake) {
            names = options.rest.map(FileName.init)
            if options.has("csv"), options.has("json") {
                throw Arguments.Mistake(description: "--csv and --json do not go together")
            }
            if options.has("csv") {
                format = .csv
            } else if options.has("json") {
                format = .json
            } else if StandardStream.output.isTerminal {
                format = .table(usesColor: try options.color())
            } else {
                format = .tabs
            }
            states = try options["state"].map(RecipientsQuery.states)
        }

        private static func states(
            _ text: String
        ) throws(Arguments.Mistake) -> Set<RecipientStanding.State> {
            var states: Set<RecipientStanding.State> = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let state = RecipientStanding.State(rawValue: String(word)) else {
                    let known = RecipientStanding.State.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Arguments.Mistake(
                        description: "--state: there is no state \(word); there are \(known)")
                }
                states.insert(state)
            }
            return states
        }
    }

    /// Lists recipients on standard output, as they are read.
    static func listRecipients(_ query: RecipientsQuery, of path: String, at now: Timestamp) -> ExitStatus {
        do {
            let spool = try SpoolDirectory(path: path)
            let look = try SpoolLook(spool)
            let documents = try chosen(query.names, in: look)
            let withMailing = query.names.count != 1
            var output = RecipientOutput(query, withMailing: withMailing)
            var worst = ExitStatus.ok
            for index in documents {
                do {
                    let roll = try RecipientRoll(
                        look.listing.documents[index], owner: look.owner(of: index), spool: spool,
                        journals: look.journals, isTicking: look.isTicking, at: now)
                    if let shortcoming = roll.shortcoming {
                        say(
                            "\(look.listing.documents[index].path): these are the recipients whom the journal "
                                + "knows; the list itself cannot be used: \(shortcoming)")
                    }
                    try output.add(roll, of: look.listing.documents[index].name.string)
                } catch let unreadable as RecipientRoll.Unreadable {
                    say(
                        "\(look.listing.documents[index].path): its list cannot be read: \(unreadable.reason)"
                    )
                    worst = .dataError
                }
            }
            try output.flush()
            return worst
        } catch let failure as NoSuchMailing {
            return complain("there is no mailing \(failure.name)", .noInput)
        } catch let error as SystemError {
            // Whoever reads has seen enough.
            return error.isClosedPipe ? .ok : explain(error)
        } catch RecipientReadFailure.changed {
            return complain(
                "the list changed while it was read; what was printed is not all of it", .temporaryFailure)
        } catch {
            return complain("\(error)", .ioError)
        }
    }

    private struct NoSuchMailing: Error {
        let name: FileName
    }

    /// The documents of the names, in their order. Of several of one name it is the one that has begun, and that is
    /// said.
    private static func chosen(_ names: [FileName], in look: SpoolLook) throws(NoSuchMailing) -> [Int] {
        let documents = look.listing.documents
        if names.isEmpty { return documents.indices.sorted { documents[$0].name < documents[$1].name } }
        var chosen: [Int] = []
        for name in names {
            let namesakes = documents.indices.filter { documents[$0].name == name }
            guard let index = namesakes.first(where: { look.owner(of: $0) != nil }) ?? namesakes.first else {
                throw NoSuchMailing(name: name)
            }
            if namesakes.count > 1 {
                let all = namesakes.map { documents[$0].path }.joined(separator: " and ")
                say("there is \(all); these are the recipients of \(documents[index].path)")
            }
            chosen.append(index)
        }
        return chosen
    }

    private static func say(_ text: String) {
        try? StandardStream.error.write("spool-status: \(Reply.clean(text))\n")
    }
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

    mutating func add(_ roll: RecipientRoll, of mailing: String) throws {
        try roll.forEach { standing in
            if let states = query.states, !states.contains(standing.state) { return true }
            text += query.format.row(standing, of: withMailing ? mailing : nil)
            if text.utf8.count >= RecipientOutput.chunk { try flush() }
            return true
        }
    }

    mutating func flush() throws {
        try StandardStream.output.write(text)
        text.removeAll(keepingCapacity: true)
    }
}
