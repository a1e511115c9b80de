import Foundation

/// A mailing document in the making.
struct Draft {
    /// The last words of each text, by which a test knows that a message is whole.
    static let lastWords = "These are the last words of the mailing."

    var keys: [String: Any] = [
        "subject": "News for {{ address }}",
        "from": "The Club <club@example.org>",
        "text": "Hello,\n\nthis goes to {{ address }}.\n\n\(Draft.lastWords)\n",
    ]

    /// A mailing to these addresses.
    init(_ recipients: [String]) {
        keys["recipients"] = recipients
    }

    /// A mailing to `count` addresses, `r1@example.com` and so on.
    init(_ count: Int) {
        self.init(Draft.addresses(count))
    }

    /// A mailing to the addresses of a file below `files/`.
    init(file: String) {
        keys["recipientsFile"] = file
    }

    static func addresses(_ count: Int) -> [String] {
        (0..<count).map { "r\($0 + 1)@example.com" }
    }

    /// The same with another value of a key; nil takes the key away.
    func with(_ key: String, _ value: Any?) -> Draft {
        var draft = self
        draft.keys[key] = value
        return draft
    }

    var json: Data {
        get throws {
            try JSONSerialization.data(withJSONObject: keys, options: [.prettyPrinted, .sortedKeys])
        }
    }
}
