/// A mailing document as it was written: every key decoded, none judged.
///
/// Only ``Mailing`` can be delivered, and only validation makes one of a document.
package struct Document: Equatable, Sendable, Decodable {
    /// A value that may be one string or several.
    package struct OneOrMore: Equatable, Sendable, Decodable {
        /// The strings, in order.
        package let values: [String]

        /// Decodes a string or an array of strings.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(String.self) {
                values = [value]
            } else {
                values = try container.decode([String].self)
            }
        }
    }

    /// The `window` key.
    package enum Window: Equatable, Sendable, Decodable {
        /// A word, of which only `"always"` means something.
        case word(String)
        /// Times of the day, and the days on which the window opens.
        case times(from: String?, until: String?, days: [String]?)

        private enum CodingKeys: String, CodingKey {
            case from, until, days
        }

        /// Decodes a string or an object.
        package init(from decoder: any Decoder) throws {
            if let word = try? decoder.singleValueContainer().decode(String.self) {
                self = .word(word)
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self = .times(
                from: try container.decodeIfPresent(String.self, forKey: .from),
                until: try container.decodeIfPresent(String.self, forKey: .until),
                days: try container.decodeIfPresent([String].self, forKey: .days))
        }
    }

    /// An element of `attachments`.
    package struct Attachment: Equatable, Sendable, Decodable {
        /// The path below `files/`.
        package var path: String?
        /// The file name that the receiver sees.
        package var name: String?
        /// The media type.
        package var type: String?
        /// The content id under which the HTML refers to it.
        package var inline: String?

        private enum CodingKeys: String, CodingKey {
            case path, name, type, inline
        }

        /// Decodes a path or an object.
        package init(from decoder: any Decoder) throws {
            if let path = try? decoder.singleValueContainer().decode(String.self) {
                self.path = path
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            path = try container.decodeIfPresent(String.self, forKey: .path)
            name = try container.decodeIfPresent(String.self, forKey: .name)
            type = try container.decodeIfPresent(String.self, forKey: .type)
            inline = try container.decodeIfPresent(String.self, forKey: .inline)
        }
    }

    /// The `listUnsubscribe` key.
    package struct Unsubscribe: Equatable, Sendable, Decodable {
        /// The address of a web page, personalised.
        package var url: String?
        /// A mail address, personalised.
        package var mailto: String?
        /// Whether a POST to `url` unsubscribes without a further step (RFC 8058).
        package var oneClick: Bool?
    }

    /// `subject`
    package var subject: String?
    /// `from`
    package var from: String?
    /// `replyTo`
    package var replyTo: OneOrMore?
    /// `returnPath`
    package var returnPath: String?
    /// `text`
    package var text: String?
    /// `textFile`
    package var textFile: String?
    /// `html`
    package var html: String?
    /// `htmlFile`
    package var htmlFile: String?
    /// `recipientsFile`
    package var recipientsFile: String?
    /// `sendAt`
    package var sendAt: String?
    /// `sendUntil`
    package var sendUntil: String?
    /// `timeZone`
    package var timeZone: String?
    /// `window`
    package var window: Window?
    /// `rate`
    package var rate: String?
    /// `giveUpAfter`
    package var giveUpAfter: String?
    /// `attachments`
    package var attachments: [Attachment]?
    /// `headers`
    package var headers: [String: String]?
    /// `listUnsubscribe`
    package var listUnsubscribe: Unsubscribe?
    /// `reportTo`
    package var reportTo: String?
}

extension Document {
    package static let windowShape = JSONShape.either(
        .string, .object(["from": .string, "until": .string, "days": .array(.string)]))
    package static let mailboxesShape = JSONShape.either(.string, .array(.string))
    package static let unsubscribeShape = JSONShape.object([
        "url": .string, "mailto": .string, "oneClick": .boolean,
    ])

    /// Every key of a document and what it may hold.
    package static let shape: [String: JSONShape] = [
        "subject": .string, "from": .string, "replyTo": mailboxesShape, "returnPath": .string,
        "text": .string, "textFile": .string, "html": .string, "htmlFile": .string,
        "recipients": .list, "recipientsFile": .string,
        "sendAt": .string, "sendUntil": .string, "timeZone": .string, "window": windowShape,
        "rate": .string, "giveUpAfter": .string,
        "attachments": .array(
            .either(.string, .object(["path": .string, "name": .string, "type": .string, "inline": .string]))),
        "headers": .map(.string), "listUnsubscribe": unsubscribeShape, "reportTo": .string,
    ]

    /// Hints for what people write who know other mailers, by the key in small letters.
    package static let synonyms: [String: String] = [
        "to": "write \"recipients\"; everybody on it gets a message of his own",
        "cc": "write all addresses into \"recipients\"; everybody gets a message of his own",
        "bcc": "write all addresses into \"recipients\"; everybody gets a message of his own",
        "body": "write \"text\" for a plain text, or \"html\"",
        "message": "write \"text\" for a plain text, or \"html\"",
        "content": "write \"text\" for a plain text, or \"html\"",
        "sender": "write \"from\"", "title": "write \"subject\"", "date": "write \"sendAt\"",
        "at": "write \"sendAt\"", "when": "write \"sendAt\"", "list": "write \"recipientsFile\"",
        "deadline": "write \"sendUntil\"", "until": "write \"sendUntil\"",
        "unsubscribe": "write \"listUnsubscribe\"", "files": "write \"attachments\"",
        "bounceto": "write \"returnPath\"", "note": "let it begin with x-: \"x-note\"",
        "comment": "let it begin with x-: \"x-comment\"", "id": "let it begin with x-: \"x-id\"",
        "name": "a mailing's name is its file name; remove the key",
        "state":
            "a mailing's state is the folder it lies in; remove the key",
    ]
}
