/// Why no message can be made from the parts of a mailing.
package enum MessageDesignError: Error, Hashable, Sendable, CustomStringConvertible {
    case noBody
    case headerName(String)
    case headerNotAllowed(String)
    case duplicateHeader(String)
    case headerTooLong(field: String)
    case unsubscribeEmpty
    case unsubscribeURL
    case unsubscribeMailto(EmailAddressError)
    case oneClickWithoutURL
    case oneClickWithoutHTTPS
    case attachmentName(String)
    case attachmentType(name: String, type: String)
    case attachmentTypeNotSent(name: String, type: String)
    case attachmentWithoutName
    case contentID(String)
    case duplicateContentID(String)

    /// What is wrong.
    package var description: String {
        switch self {
        case .noBody: "there is neither a text nor an HTML body"
        case .headerName(let name): "\(name) cannot be the name of a header field"
        case .headerNotAllowed(let name): "the header field \(name) is set by Spool or by the mail system"
        case .duplicateHeader(let name): "the header field \(name) is given twice"
        case .headerTooLong(let field): "the header field \(field) is too long"
        case .unsubscribeEmpty: "listUnsubscribe has neither a url nor a mailto"
        case .unsubscribeURL: "the url of listUnsubscribe does not begin with https:// or http://"
        case .unsubscribeMailto(let error): "the mailto of listUnsubscribe is no valid address: \(error)"
        case .oneClickWithoutURL: "oneClick needs a url"
        case .oneClickWithoutHTTPS: "oneClick needs a url that begins with https://"
        case .attachmentName(let name): "the name of the attachment \(name.prefix(40))… is too long"
        case .attachmentType(let name, let type): "\(type) is no media type (attachment \(name))"
        case .attachmentTypeNotSent(let name, let type): "\(name) cannot be sent as \(type)"
        case .attachmentWithoutName: "the name of an attachment is empty"
        case .contentID(let id): "\(id) cannot be the name of an inline attachment"
        case .duplicateContentID(let id): "two inline attachments are named \(id)"
        }
    }
}

/// Why the message to one recipient cannot be rendered.
package enum RenderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The recipient has no value for a variable without default.
    case missingValue(variable: String)
    /// A field is beyond 16 KB, or has a line that can neither be folded nor encoded.
    case headerTooLong(field: String)
    /// The page of List-Unsubscribe turns out to be no web address.
    case unsubscribeURL
    /// Likewise no `https:` address, although one click needs one (RFC 8058).
    case oneClickWithoutHTTPS
    /// The message has more bytes than a message may have.
    case tooLarge

    /// What is wrong.
    package var description: String {
        switch self {
        case .missingValue(let variable): "no value for {{ \(variable) }}"
        case .headerTooLong(let field): "the header field \(field) is too long"
        case .unsubscribeURL: "the url of listUnsubscribe does not begin with https:// or http://"
        case .oneClickWithoutHTTPS: "the url of listUnsubscribe does not begin with https://"
        case .tooLarge: "it is larger than a message may be"
        }
    }
}
