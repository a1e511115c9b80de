package import SpoolMail
internal import SpoolSchedule
internal import SpoolSystem
internal import SpoolText

/// How many rows a mailing's lists have, and what became of them.
package struct ListSummary: Equatable, Sendable {
    /// A row that stands for others of its kind.
    struct ExampleRow: Equatable, Sendable {
        /// Where it stands.
        let place: RowPlace
        /// What stands there as the address.
        let text: String
        /// What is wrong with it.
        let reason: String
    }

    /// All rows with a recipient, good or not.
    package internal(set) var rows = 0
    /// Different addresses that can be mailed, the suppressed among them.
    package internal(set) var unique = 0
    /// Rows whose address stands in an earlier one.
    package internal(set) var duplicates = 0
    /// Rows whose address cannot be mailed.
    package internal(set) var invalid = 0
    /// Recipients who must not be mailed, as of the time when the list was loaded.
    package internal(set) var suppressed = 0
    /// Recipients whose address has a domain without a dot.
    var dotless = 0
    /// The first of them.
    var firstDotless: ExampleRow?
    /// The column of the file that is taken for the address because of what it holds.
    package internal(set) var guessedColumn: String?
    /// The first of the invalid rows, at most ``exampleLimit``.
    var invalidExamples: [ExampleRow] = []
    /// Where the invalid rows beyond the first stand.
    var furtherInvalid = RowPlaces()
    /// The first of the duplicates.
    var firstDuplicate: ExampleRow?

    /// So many invalid rows are kept as examples.
    static let exampleLimit = 20
}

/// What a mailing lacks for one recipient; the same complaint about many is reported once.
package struct RecipientDiagnostic: Hashable, Sendable {
    /// The key of the document that it is about.
    package var key: String
    /// What is wrong, for one recipient: `has no value for {{ firstName }}`.
    package var one: String
    /// For several: `have no value for {{ firstName }}`.
    var many: String
    /// What to do.
    package var hint: String
    /// The variable that has no value, if that is what is wrong: one with a similar name is then looked for.
    var variable: VariableName?

    /// Makes a complaint of its parts.
    package init(key: String, one: String, many: String, hint: String, variable: VariableName? = nil) {
        self.variable = variable
        self.key = key
        self.one = one
        self.many = many
        self.hint = hint
    }
}

/// Collects what is wrong with a list while it is read, and puts it into words.
struct ListFindings {
    /// So many unreadable rows are named one by one.
    private static let rowLimit = 10

    private struct Group {
        var complaint: RecipientDiagnostic
        var count: Int
        var place: RowPlace
        var address: String
    }

    private let sources: MailingRecipients
    private let lineOfKey: @Sendable (String) -> Int?
    var summary = ListSummary()
    private var problems: [Diagnostic] = []
    private var unreadableRows = 0
    /// Where those stand that are not named one by one.
    private var furtherUnreadable = RowPlaces()
    private var groups: [Group] = []
    private var groupOf: [RecipientDiagnostic: Int] = [:]

    init(_ sources: MailingRecipients, lineOfKey: @escaping @Sendable (String) -> Int?) {
        self.sources = sources
        self.lineOfKey = lineOfKey
    }

    mutating func note(_ mistake: RecordMistake, at place: RowPlace) {
        unreadableRows += 1
        guard unreadableRows <= Self.rowLimit else { return furtherUnreadable.add(place) }
        problems.append(problem(mistake, at: place))
    }

    /// What to say of a file that cannot be read.
    func unreadable(_ reason: String) -> Diagnostic {
        Diagnostic(
            key: "recipientsFile", line: lineOfKey("recipientsFile"),
            message: "\(sources.file?.path ?? "") cannot be read: \(reason)",
            hint: "see to it that the user of spool-tick can read it")
    }

    mutating func note(_ failure: ListFailure) {
        switch failure {
        case .system(let error): problems.append(unreadable(error.reason))
        case .mistake(let line, let mistake):
            problems.append(problem(mistake, at: .file(line: line)))
        }
    }

    private func problem(_ mistake: RecordMistake, at place: RowPlace) -> Diagnostic {
        switch place {
        case .inline(_, let line):
            return Diagnostic(key: place.description, line: line, message: mistake.reason, hint: mistake.hint)
        case .file:
            return Diagnostic(
                key: "recipientsFile", line: lineOfKey("recipientsFile"),
                message: "\(sources.file?.path ?? ""): \(place.description) \(mistake.reason)",
                hint: mistake.hint)
        }
    }

    mutating func note(_ invalid: Recipient.Invalid, at place: RowPlace) {
        summary.invalid += 1
        if summary.invalid > 1 { summary.furtherInvalid.add(place) }
        guard summary.invalidExamples.count < ListSummary.exampleLimit else { return }
        summary.invalidExamples.append(
            .init(place: place, text: invalid.text.clipped, reason: invalid.reason))
    }

    mutating func noteDuplicate(_ recipient: Recipient, at place: RowPlace) {
        summary.duplicates += 1
        guard summary.firstDuplicate == nil else { return }
        summary.firstDuplicate = .init(
            place: place, text: recipient.address.description, reason: "the address stands in an earlier row")
    }

    mutating func noteDotless(_ recipient: Recipient, at place: RowPlace) {
        summary.dotless += 1
        guard summary.firstDotless == nil else { return }
        summary.firstDotless = .init(
            place: place, text: recipient.address.description, reason: "the domain has no dot")
    }

    mutating func note(
        _ complaints: [RecipientDiagnostic], about recipient: Recipient, at place: RowPlace
    ) {
        for complaint in complaints {
            if let group = groupOf[complaint] {
                groups[group].count += 1
            } else {
                groupOf[complaint] = groups.count
                var complaint = complaint
                // Where the list has the field, and it is only empty here, nothing is misspelt.
                let names = recipient.record.names
                if let variable = complaint.variable, names.meaning(of: variable) == .nothing,
                    let meant = VariableFindings.meant(by: variable, in: names)
                {
                    complaint.hint = meant + (meant.hasSuffix("?") ? " Otherwise " : "; or ") + complaint.hint
                }
                groups.append(
                    Group(
                        complaint: complaint, count: 1, place: place, address: recipient.address.description))
            }
        }
    }

    /// Everything that keeps the mailing from being sent.
    var errors: [Diagnostic] {
        var errors = problems
        if unreadableRows > Self.rowLimit {
            errors.append(
                Diagnostic(
                    key: "recipientsFile", line: lineOfKey("recipientsFile"),
                    message:
                        "\(furtherUnreadable.count) further rows cannot be read: \(furtherUnreadable.text)",
                    hint: "correct the rows named before; the others are likely to have the same mistake"))
        }
        for group in groups {
            let who =
                group.count == 1
                ? "1 recipient \(group.complaint.one)" : "\(group.count) recipients \(group.complaint.many)"
            errors.append(
                Diagnostic(
                    key: group.complaint.key, line: lineOfKey(group.complaint.key),
                    message: "\(who) (first: \(group.place.description), \(group.address))",
                    hint: group.complaint.hint))
        }
        if errors.isEmpty, summary.unique == 0 { errors.append(nobody) }
        return errors
    }

    private var nobody: Diagnostic {
        let key = sources.file == nil ? "recipients" : "recipientsFile"
        let invalid = summary.invalidExamples.first.map {
            "; none of \(summary.invalid) is an address (first: \($0.place.description), \"\($0.text)\": \($0.reason))"
        }
        return Diagnostic(
            key: key, line: lineOfKey(key), message: "there is no valid recipient" + (invalid ?? ""),
            hint: "list at least one address that can be mailed")
    }

    /// What is said and then passed over.
    func warnings(about file: [Diagnostic]) -> [Diagnostic] {
        var warnings = file.map { warning in
            var warning = warning
            warning.key = "recipientsFile"
            warning.line = lineOfKey("recipientsFile")
            return warning
        }
        let key = sources.file == nil ? "recipients" : "recipientsFile"
        func warn(_ message: String, _ hint: String) {
            warnings.append(Diagnostic(key: key, line: lineOfKey(key), message: message, hint: hint))
        }
        func recipients(_ count: Int, _ one: String, _ many: String) -> String {
            count == 1 ? "1 recipient \(one)" : "\(count) recipients \(many)"
        }
        if let first = summary.invalidExamples.first {
            warn(
                recipients(summary.invalid, "is skipped: the address is", "are skipped: their addresses are")
                    + " not valid (first: \(first.place.description), \"\(first.text)\": \(first.reason)"
                    + (summary.invalid > 1 ? "; then \(summary.furtherInvalid.text))" : ")"),
                "correct the address in the list")
        }
        if let first = summary.firstDuplicate {
            warn(
                recipients(summary.duplicates, "is", "are") + " skipped as duplicate"
                    + " (first: \(first.place.description), \(first.text))",
                "everybody gets one message; the first row of an address counts")
        }
        if let first = summary.firstDotless {
            warn(
                recipients(summary.dotless, "has an address", "have addresses")
                    + " whose domain has no dot (first: \(first.place.description), \(first.text))",
                "complete the domain, unless it is the name of a machine nearby")
        }
        if summary.suppressed > 0 {
            warn(
                recipients(summary.suppressed, "is", "are") + " skipped as suppressed",
                "suppressed.txt names who is never mailed")
        }
        return warnings
    }
}
