package import SpoolMailing
internal import SpoolSchedule
package import SpoolSystem

/// Documents as tests write them, and their judgement.
package enum TestDocument {
    /// Judges a document whose files lie in `files`; the one zone that is known is an hour east of UTC.
    package static func validate(
        _ text: String, _ files: TemporaryFiles, configuration: Configuration = .init(cores: 2, zone: .utc)
    ) throws -> MailingValidation {
        try validate(text, in: files.directory, configuration: configuration)
    }

    /// Judges a document whose files lie in a directory.
    package static func validate(
        _ text: String, in files: Directory, configuration: Configuration = .init(cores: 2, zone: .utc)
    ) throws -> MailingValidation {
        try MailingValidation(
            DocumentReading(Array(text.utf8)), configuration: configuration, files: files
        ) { name throws(Diagnostic) in
            guard name == "Europe/Stockholm" else { throw Diagnostic("no such zone", hint: "x") }
            return TimeZoneRules(utcOffset: 3600)
        }
    }

    /// A small document that is valid, with further members.
    package static func document(_ more: String, without: Set<String> = []) -> String {
        let standard = [
            ("subject", "\"Hello\""), ("from", "\"Anna <anna@example.org>\""), ("text", "\"Hi {{ name }}\""),
            ("recipients", "[\"a@example.org\"]"),
        ]
        let members = standard.filter { !without.contains($0.0) }.map { "\"\($0.0)\": \($0.1)" }
        return "{" + (members + (more.isEmpty ? [] : ["\n" + more])).joined(separator: ", ") + "}"
    }
}
