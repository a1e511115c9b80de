internal import SpoolMail

/// The part message/feedback-report (RFC 5965, 3).
struct FeedbackReport {
    /// Feedback-Type in lower case, as `abuse`.
    let type: String
    /// Whom it names: Original-Rcpt-To, Removal-Recipient.
    let recipients: [String]

    init(_ body: [UInt8]) {
        let (fields, _) = HeaderFields.read(body[...], ofMessage: true)
        type = fields.text("feedback-type")?.lowercased() ?? ""
        recipients = ["original-rcpt-to", "removal-recipient", "original-recipient", "final-recipient"]
            .flatMap(fields.values).compactMap(AddressSearch.first)
    }

    var isComplaint: Bool { type == "abuse" || type == "fraud" }
    var isDeparture: Bool { type.hasPrefix("opt-out") }
}
