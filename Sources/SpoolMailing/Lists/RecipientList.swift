internal import SpoolMail
package import SpoolSchedule
package import SpoolSystem

/// Why a list was not loaded.
package enum RecipientListFailure: Error, Equatable, Sendable {
    /// It holds mistakes that keep the mailing from being sent; the counts go as far as it could be read.
    case invalid([Diagnostic], ListSummary)
    /// Its file cannot be read; that says nothing of the list, and is to be tried again later.
    case unreadable([Diagnostic], ListSummary)
    /// Its file was written to while it was read; to be tried again later.
    case changed
}

/// Why a single recipient cannot be read again.
package enum RecipientReadFailure: Error, Equatable, Sendable {
    /// The list is not what it was when it was loaded; load it again.
    case changed
    /// The file cannot be read; what the system says.
    case unreadable(String)
}

/// A row of a mailing's lists, in their order.
package struct ListRow: Sendable {
    /// What the row is.
    package enum Kind: Sendable {
        /// A recipient, at this place of the table.
        case recipient(Recipient, place: Int)
        /// Somebody who is in the table already, at this place.
        case duplicate(Recipient, of: Int)
        /// No address that can be mailed: what stands there, and why it is none.
        case invalid(text: String, reason: String)
    }

    /// Where it stands.
    let position: RowPlace
    /// What it is.
    package let kind: Kind
}

/// All recipients of a mailing: whom to mail, how far each is, and where their fields are.
///
/// Fields are not kept in memory but read again when wanted. Not for several threads at once, but it may be handed
/// from one to another.
package final class RecipientList {
    /// Every recipient once, with the progress of the delivery.
    package let table: RecipientTable
    /// The counts of rows, duplicates, invalid and suppressed as they were when the list was loaded.
    package let summary: ListSummary
    /// What was passed over and should be known.
    package let warnings: [Diagnostic]

    private var access: RecordAccess
    private let hashMask: UInt64

    init(_ loading: ListLoading) {
        table = loading.table
        summary = loading.findings.summary
        warnings = loading.findings.warnings(about: loading.fileWarnings) + loading.variables.warnings
        access = loading.access
        hashMask = loading.hashMask
    }

    /// Reads all lists of a mailing.
    ///
    /// - Parameters:
    ///   - mailing: the mailing; its variables are checked for every recipient.
    ///   - files: `files/` of the spool.
    ///   - suppression: who is never mailed; they get the state `skipped(.suppressed)`.
    ///   - check: what else is wrong for a recipient; asked once for each valid one.
    package static func load(
        _ mailing: Mailing, files: Directory, suppression: Suppression = .none,
        check: @Sendable (Recipient) -> [RecipientDiagnostic] = { _ in [] }
    ) throws(RecipientListFailure) -> sending RecipientList {
        let sources: RecipientSources
        do throws(SystemError) {
            sources = try RecipientSources(mailing.recipients, in: files)
        } catch {
            // It was there when the document was validated.
            throw .changed
        }
        let lineOfKey = { @Sendable (key: String) in mailing.line(ofKey: key) }
        var loading = ListLoading(
            sources, ListFindings(mailing.recipients, lineOfKey: lineOfKey),
            VariableFindings(mailing.content.variables, lineOfKey: lineOfKey), suppression: suppression)
        try loading.run(check: check)
        return RecipientList(loading)
    }

    /// Opens the file again after a rest; it has to be what it was.
    package func open() throws(SystemError) { try access.open() }

    /// Closes the file until something is read again: not all lists of all mailings can be open.
    package func rest() { access.rest() }

    /// The recipient at a place of the table, read anew.
    package func recipient(at place: Int) throws(RecipientReadFailure) -> Recipient {
        let location = table.location(place)
        let recipient = try access.recipient(at: location)
        // Asked after the read: what was read is then what the list held when it was loaded.
        if !location.isInline, try access.fileHasChanged() { throw .changed }
        guard hash(AddressHash(recipient.address)) == table.hash(place) else { throw .changed }
        return recipient
    }

    /// The place of an address in the table, `nil` if it is not on the list.
    func find(_ address: EmailAddress) -> Int? {
        var normalized = address.normalized
        return normalized.withUTF8 { find(UnsafeRawBufferPointer($0)) }
    }

    /// The place of an address in its normalized form, as the journal has it.
    package func find(_ normalized: UnsafeRawBufferPointer) -> Int? {
        table.find(hash(AddressHash(normalized))) { place in
            let other = try? access.recipient(at: table.location(place)).address.normalized
            return other?.utf8.elementsEqual(normalized) ?? false
        }
    }

    private func hash(_ hash: AddressHash) -> AddressHash {
        AddressHash(value: hash.value & hashMask)
    }

    /// Gives every row to `body`, duplicates and invalid ones too, until it returns false.
    package func forEachRow(_ body: (ListRow) -> Bool) throws(RecipientReadFailure) {
        do throws(SystemError) {
            try access.open()
        } catch {
            throw .unreadable(error.description)
        }
        do throws(ListFailure) {
            var stream = try RecordStream(access.sources)
            var record = RecipientRecord()
            while let position = try stream.next(into: &record, onMistake: { _, _ in }) {
                if !body(row(record, position)) { return }
            }
        } catch {
            switch error {
            case .system(let error): throw .unreadable(error.description)
            case .mistake: throw .changed
            }
        }
        if try access.fileHasChanged() { throw .changed }
    }

    private func row(_ record: RecipientRecord, _ position: RowPlace) -> ListRow {
        do throws(Recipient.Invalid) {
            let recipient = try Recipient(record)
            guard let place = find(recipient.address) else {
                return ListRow(
                    position: position,
                    kind: .invalid(text: recipient.address.description, reason: "the list has changed"))
            }
            let isFirst = table.location(place) == .init(offset: record.offset, isInline: position.isInline)
            return ListRow(
                position: position,
                kind: isFirst ? .recipient(recipient, place: place) : .duplicate(recipient, of: place))
        } catch {
            return ListRow(position: position, kind: .invalid(text: error.text, reason: error.reason))
        }
    }
}
