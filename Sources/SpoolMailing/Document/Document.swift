/// A mailing document as it was written: every key decoded, none judged.
///
/// Only ``Mailing`` can be delivered, and only validation makes one of a document.
package struct Document: Equatable, Sendable, Decodable {
    /// A value that may be one string or several.
    struct OneOrMore: Equatable, Sendable, Decodable {
        /// The strings, in order.
        let values: [String]

        /// Decodes a string or an array of strings.
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(String.self) {
                values = [value]
            } else {
                values = try container.decode([String].self)
            }
        }
    }

    /// The `window` key.
    enum Window: Equatable, Sendable, Decodable {
        /// A word, of which only `"always"` means something.
        case word(String)
        /// Times of the day, and the days on which the window opens.
        case times(from: String?, until: String?, days: [String]?)

        private enum CodingKeys: String, CodingKey {
            case from, until, days
        }

        /// Decodes a string or an object.
        init(from decoder: any Decoder) throws {
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
    struct Attachment: Equatable, Sendable, Decodable {
        /// The path below `files/`.
        var path: String?
        /// The file name that the receiver sees.
        var name: String?
        /// The media type.
        var type: String?
        /// The content id under which the HTML refers to it.
        var inline: String?

        private enum CodingKeys: String, CodingKey {
            case path, name, type, inline
        }

        /// Decodes a path or an object.
        init(from decoder: any Decoder) throws {
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
        var url: String?
        /// A mail address, personalised.
        var mailto: String?
        /// Whether a POST to `url` unsubscribes without a further step (RFC 8058).
        var oneClick: Bool?
    }

    /// `subject`
    package var subject: String?
    /// `from`
    package var from: String?
    /// `replyTo`
    var replyTo: OneOrMore?
    /// `returnPath`
    var returnPath: String?
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
    var sendAt: String?
    /// `sendUntil`
    var sendUntil: String?
    /// `timeZone`
    var timeZone: String?
    /// `window`
    var window: Window?
    /// `rate`
    var rate: String?
    /// `giveUpAfter`
    var giveUpAfter: String?
    /// `attachments`
    var attachments: [Attachment]?
    /// `headers`
    package var headers: [String: String]?
    /// `listUnsubscribe`
    package var listUnsubscribe: Unsubscribe?
    /// `reportTo`
    var reportTo: String?
}

extension Document {
    static let windowShape = JSONShape.either(
        .string, .object(["from": .string, "until": .string, "days": .array(.string)]))
    static let mailboxesShape = JSONShape.either(.string, .array(.string))
    static let unsubscribeShape = JSONShape.object([
        "url": .string, "mailto": .string, "oneClick": .boolean,
    ])

    /// Every key of a document and what it may hold.
    static let shape: [String: JSONShape] = [
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
    static let synonyms: [String: String] = [
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
