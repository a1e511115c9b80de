/// The keys of a document from which header fields are made.
package enum HeaderKey {
    /// The key behind a field of a message.
    package static func key(ofField field: String) -> String {
        switch field {
        case "Subject": "subject"
        case "From": "from"
        case "To": "recipients"
        case "Reply-To": "replyTo"
        case "List-Unsubscribe", "List-Unsubscribe-Post": "listUnsubscribe"
        default: "headers.\(field)"
        }
    }
}
