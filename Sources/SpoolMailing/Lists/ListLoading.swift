internal import SpoolMail
internal import SpoolSchedule

/// The reading of a mailing's lists into a table: one pass, in which everything is counted and checked.
struct ListLoading {
    let sources: RecipientSources
    private let suppression: Suppression
    /// The bits of the addresses' hashes that are used: all, but where it is tried what happens when two addresses
    /// share a hash.
    let hashMask: UInt64

    let table = RecipientTable()
    private(set) var findings: ListFindings
    private(set) var variables: VariableFindings
    private(set) var access: RecordAccess
    private(set) var fileWarnings: [Diagnostic] = []
    /// Why it could not be said whether an address stands further up already.
    private var rereadFailure: RecipientReadFailure?

    init(
        _ sources: RecipientSources, _ findings: ListFindings, _ variables: VariableFindings,
        suppression: Suppression = .none, hashMask: UInt64 = .max
    ) {
        self.sources = sources
        self.findings = findings
        self.variables = variables
        self.suppression = suppression
        self.hashMask = hashMask
        access = RecordAccess(sources, fileFormat: nil)
    }

    /// Reads everything; throws if the mailing cannot be sent to this list.
    mutating func run(
        check: @Sendable (Recipient) -> [RecipientDiagnostic]
    ) throws(RecipientListFailure) {
        var isUnreadable = false
        do throws(ListFailure) {
            try readAll(check: check)
        } catch {
            if case .system = error { isUnreadable = true }
            findings.note(error)
        }
        switch rereadFailure {
        case .changed: throw .changed
        case .unreadable(let reason): throw .unreadable([findings.unreadable(reason)], findings.summary)
        case nil: break
        }
        // A list that changed while it was read is nobody's list; its mistakes may be the writer's unfinished work.
        if (try? access.fileHasChanged()) == true { throw .changed }
        let errors = findings.errors
        if isUnreadable { throw .unreadable(errors, findings.summary) }
        if !errors.isEmpty { throw .invalid(errors, findings.summary) }
    }

    private mutating func readAll(
        check: @Sendable (Recipient) -> [RecipientDiagnostic]
    ) throws(ListFailure) {
        var stream = try RecordStream(sources)
        fileWarnings = stream.fileWarnings
        findings.summary.guessedColumn = stream.guessedColumn
        access = RecordAccess(sources, fileFormat: stream.fileFormat)
        var record = RecipientRecord()
        while true {
            let place = try stream.next(into: &record) { findings.note($1, at: $0) }
            guard let place else { return }
            findings.summary.rows += 1
            take(record, at: place, check)
            if rereadFailure != nil { return }
        }
    }

    private mutating func take(
        _ record: RecipientRecord, at position: RowPlace,
        _ check: @Sendable (Recipient) -> [RecipientDiagnostic]
    ) {
        let recipient: Recipient
        do throws(Recipient.Invalid) {
            recipient = try Recipient(record)
        } catch {
            findings.note(error, at: position)
            return
        }
        let location = RecipientTable.Location(offset: record.offset, isInline: position.isInline)
        let hash = AddressHash(value: AddressHash(recipient.address).value & hashMask)
        var failure: RecipientReadFailure?
        let insertion = table.insert(hash, at: location) { place in
            do throws(RecipientReadFailure) {
                return try access.recipient(at: table.location(place)).address.normalized
                    == recipient.address.normalized
            } catch {
                // Taken for another address, it would be mailed a second time.
                failure = error
                return true
            }
        }
        if let failure {
            rereadFailure = failure
            return
        }
        switch insertion {
        case .duplicate:
            findings.noteDuplicate(recipient, at: position)
        case .added(let place):
            findings.summary.unique += 1
            if recipient.address.isDotless { findings.noteDotless(recipient, at: position) }
            if suppression.contains(recipient.address) {
                table[state: place] = .skipped(.suppressed)
                findings.summary.suppressed += 1
            } else {
                let complaints = variables.complaints(about: recipient) + check(recipient)
                findings.note(complaints, about: recipient, at: position)
            }
        }
    }
}
