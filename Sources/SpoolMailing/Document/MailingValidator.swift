internal import SpoolMail
internal import SpoolSchedule
internal import SpoolSystem

/// Goes through a document key by key.
struct MailingValidator {
    let document: Document
    let reading: DocumentReading
    let configuration: Configuration
    private let directory: Directory
    let mediaTypes: MediaTypes
    var reader: SettingReader
    var warnings: [Diagnostic] = []
    private(set) var files: [ReferredFile] = []
    /// What the machine lacked when a file was opened.
    private(set) var shortage: SystemError?

    init(
        _ reading: DocumentReading, _ configuration: Configuration, _ directory: Directory,
        _ mediaTypes: MediaTypes
    ) {
        self.reading = reading
        self.configuration = configuration
        self.directory = directory
        self.mediaTypes = mediaTypes
        document = reading.document
        let outline = reading.outline
        reader = SettingReader(reading.problems, lineOfKey: { outline.line(of: $0) })
    }

    /// The mailing, if nothing is wrong; in any case everything that is wrong is found.
    mutating func mailing(lookUp: TimeZoneLookup) -> Mailing? {
        let content = content()
        let timing = timing(lookUp: lookUp)
        let recipients = recipients()
        let reportTo = reader.reportTo(document.reportTo) ?? configuration.reportTo
        guard let content, let timing, let recipients, reader.problems.isEmpty else { return nil }
        return Mailing(
            content: content, timing: timing, recipients: recipients, reportTo: reportTo,
            zoneName: document.timeZone, outline: reading.outline,
            largestMessage: configuration.largestMessage)
    }

    /// Says that a key is missing, unless it is there with a value of the wrong type, which has been said.
    mutating func require(_ key: String, _ message: String, hint: String) {
        if reading.rejected.contains(key) { return }
        reader.fail(key, message, hint: hint)
    }

    func isThere(_ key: String) -> Bool {
        reading.outline.member(key) != nil
    }

    /// Opens a file that the document names and keeps what it is, or that it is not there.
    mutating func open(_ key: String, _ path: String) -> (file: File, reference: ReferredFile)? {
        let directory = directory
        var failure: SystemError?
        let opened = reader.read(key, path) { path throws(Diagnostic) in
            try SettingReader.requireFixed(path)
            return try ReferredFile.open(path, in: directory, failure: &failure)
        }
        note(failure)
        let reference = ReferredFile(key: key, path: path, status: opened?.status)
        files.append(reference)
        return opened.map { ($0.file, reference) }
    }

    /// Notes what the system said of a file, if that says nothing of the file.
    mutating func note(_ failure: SystemError?) {
        if let failure, failure.isShortage { shortage = failure }
    }
}
