internal import SpoolMail
internal import SpoolSystem

/// Reads single records again, wherever they stand.
struct RecordAccess {
    private(set) var sources: RecipientSources
    private let fileFormat: ListFormat?
    private var lookup: RecordLookup?
    private var record = RecipientRecord()

    init(_ sources: RecipientSources, fileFormat: ListFormat?) {
        self.sources = sources
        self.fileFormat = fileFormat
        lookUp()
    }

    private mutating func lookUp() {
        guard lookup == nil, let file = sources.file, let fileFormat else { return }
        lookup = RecordLookup(.file(file), format: fileFormat)
    }

    /// Opens the file again after a rest.
    mutating func open() throws(SystemError) {
        try sources.open()
        lookUp()
    }

    /// Closes the file until something is read again.
    mutating func rest() {
        lookup = nil
        sources.rest()
    }

    /// The recipient of the record at a location; `changed` if none can be made out there any more.
    mutating func recipient(at location: RecipientTable.Location) throws(RecipientReadFailure)
        -> Recipient
    {
        if location.isInline {
            guard let inline = sources.inline, (try? inline.read(at: location.offset, into: &record)) != nil
            else { throw .changed }
            return try recipientOfRecord()
        }
        do throws(SystemError) {
            try open()
        } catch {
            throw error.isShortage || error.isDiskError ? .unreadable(error.description) : .changed
        }
        let found: Bool
        do throws(SystemError) {
            found = try lookup?.read(at: location.offset, into: &record) ?? false
        } catch {
            throw .unreadable(error.description)
        }
        guard found else { throw .changed }
        return try recipientOfRecord()
    }

    private func recipientOfRecord() throws(RecipientReadFailure) -> Recipient {
        do throws(Recipient.Invalid) {
            return try Recipient(record)
        } catch {
            throw .changed
        }
    }

    /// Whether the recipients file is not what it was when the document was validated.
    func fileHasChanged() throws(RecipientReadFailure) -> Bool {
        do throws(SystemError) {
            return try sources.fileHasChanged()
        } catch {
            throw .unreadable(error.description)
        }
    }
}
