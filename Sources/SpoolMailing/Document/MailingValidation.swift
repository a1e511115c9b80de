package import SpoolMail
package import SpoolSchedule
package import SpoolSystem

/// The judgement of a document: a mailing that can be sent, or everything that is wrong with it.
///
/// The recipients are judged by ``RecipientList``, as that takes longer.
package struct MailingValidation: Sendable {
    /// The mailing, or the problems that stop it.
    package let outcome: Result<Mailing, Diagnostics>
    /// What should be known and stops nothing.
    package let warnings: [Diagnostic]
    /// The files that the document names, those missing included: when one changes, the judgement is void.
    package let files: [ReferredFile]
    /// What the machine lacked to judge all of it; what was found then says nothing.
    package let shortage: SystemError?

    /// So many problems are named one by one.
    static let problemLimit = 50

    /// Judges a document.
    ///
    /// - Parameters:
    ///   - reading: the document, as it was read.
    ///   - configuration: gives what the document leaves out.
    ///   - directory: `files/` of the spool.
    ///   - mediaTypes: the types of attachments that do not name their own.
    ///   - lookUp: gives a time zone by its name.
    package init(
        _ reading: DocumentReading, configuration: Configuration, files directory: Directory,
        mediaTypes: MediaTypes = .builtIn, lookUp: TimeZoneLookup
    ) {
        var validator = MailingValidator(reading, configuration, directory, mediaTypes)
        let mailing = validator.mailing(lookUp: lookUp)
        outcome =
            if let mailing {
                .success(mailing)
            } else {
                .failure(Diagnostics(validator.reader.problems.inOrderOfLines.atMost(Self.problemLimit)))
            }
        warnings = validator.warnings
        files = validator.files
        shortage = validator.shortage
    }
}

extension [Diagnostic] {
    /// As somebody mends them: from the top of the document to its end.
    fileprivate var inOrderOfLines: [Diagnostic] {
        enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }.map(
            \.element)
    }

    /// The first of them, and how many there are besides.
    fileprivate func atMost(_ limit: Int) -> [Diagnostic] {
        guard count > limit else { return self }
        return prefix(limit) + [
            Diagnostic(
                message: "there are \(count - limit) further problems", hint: "mend the first ones first")
        ]
    }
}
