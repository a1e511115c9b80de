internal import SpoolMail
package import SpoolSchedule
internal import SpoolText

/// Gives the rules of the time zone with an IANA name.
package typealias TimeZoneLookup = (String) throws(Diagnostic) -> TimeZoneRules

/// Reads the values of keys and collects what is wrong with them, each with its key and line.
struct SettingReader {
    private let lineOfKey: (String) -> Int?
    private(set) var problems: [Diagnostic]

    init(_ problems: [Diagnostic], lineOfKey: @escaping (String) -> Int?) {
        self.problems = problems
        self.lineOfKey = lineOfKey
    }

    mutating func fail(_ key: String, _ message: String, hint: String) {
        problems.append(Diagnostic(key: key, line: lineOfKey(key), message: message, hint: hint))
    }

    /// The value of a key that is there and can be read.
    mutating func read<Text, Value>(
        _ key: String, _ text: Text?, _ parse: (Text) throws(Diagnostic) -> Value
    ) -> Value? {
        guard let text else { return nil }
        do throws(Diagnostic) {
            return try parse(text)
        } catch {
            fail(key, error.message, hint: error.hint)
            return nil
        }
    }

    mutating func mailbox(_ key: String, _ text: String?) -> Mailbox? {
        read(key, text) { text throws(Diagnostic) in
            try Self.requireOneLine(text)
            try Self.requireFixed(text)
            do throws(MailboxError) {
                return try Mailbox(text)
            } catch {
                throw Diagnostic(
                    "\(text.quoted) is no mailbox: \(error)",
                    hint: "write it like \"anna@example.org\" or \"Anna Berg <anna@example.org>\"")
            }
        }
    }

    mutating func mailboxes(_ key: String, _ texts: Document.OneOrMore?) -> [Mailbox]? {
        guard let texts else { return nil }
        if texts.values.isEmpty { fail(key, "the array is empty", hint: "leave the key out") }
        if texts.values.count == 1 { return mailbox(key, texts.values[0]).map { [$0] } }
        return texts.values.enumerated().compactMap { mailbox("\(key)[\($0.offset)]", $0.element) }
    }

    mutating func address(_ key: String, _ text: String?) -> EmailAddress? {
        read(key, text) { text throws(Diagnostic) in
            try Self.requireOneLine(text)
            try Self.requireFixed(text)
            do throws(EmailAddressError) {
                return try EmailAddress(text)
            } catch {
                throw Diagnostic(
                    "\(text.quoted) is no address: \(error)", hint: "write it like \"anna@example.org\""
                )
            }
        }
    }

    /// A template that becomes part of a header field.
    mutating func lineTemplate(_ key: String, _ text: String?) -> Template? {
        read(key, text) { text throws(Diagnostic) in
            try Self.requireOneLine(text)
            return try Self.template(text)
        }
    }

    mutating func template(_ key: String, _ text: String?) -> Template? {
        read(key, text) { text throws(Diagnostic) in try Self.template(text) }
    }

    static func template(_ text: String, place: String = "") throws(Diagnostic) -> Template {
        do throws(TemplateError) {
            return try Template(text)
        } catch {
            throw Diagnostic(
                "\(place)line \(error.line), column \(error.column): \(error.message)", hint: error.hint)
        }
    }

    static func requireOneLine(_ text: String) throws(Diagnostic) {
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || $0 == "\t" })
        else {
            throw Diagnostic(
                "contains a line break or another control character", hint: "write it on one line")
        }
    }

    /// Refuses what is meant to be filled for each recipient in a key where nothing is.
    static func requireFixed(_ text: String) throws(Diagnostic) {
        guard let mark = ["{{", "{%", "}}", "%}"].first(where: text.contains) else { return }
        throw Diagnostic(
            "\(text.quoted) holds \(mark), and this key is not personalised",
            hint: "write what is the same for everybody;"
                + " the subject, the bodies, headers and listUnsubscribe are personalised")
    }

    mutating func window(_ key: String, _ window: Document.Window?) -> MailingWindow? {
        read(key, window) { window throws(Diagnostic) in
            let hint = "write \"always\", or {\"from\": \"18:00\", \"until\": \"07:00\"}"
            switch window {
            case .word("always"):
                return .always
            case .word(let word):
                throw Diagnostic("\(word.quoted) is no window", hint: hint)
            case .times(let from, let until, let days):
                guard let from, let until else {
                    throw Diagnostic("\(from == nil ? "from" : "until") is missing", hint: hint)
                }
                return .hours(try DeliveryWindow(from: from, until: until, days: days))
            }
        }
    }

    mutating func unsubscribe(_ key: String, _ value: Document.Unsubscribe?) -> ListUnsubscribe? {
        guard let value else { return nil }
        let before = problems.count
        let unsubscribe = ListUnsubscribe(
            url: lineTemplate(key + ".url", value.url), mailto: lineTemplate(key + ".mailto", value.mailto),
            oneClick: value.oneClick ?? false)
        guard problems.count == before else { return nil }
        return MessageParts.isGood(key, [], unsubscribe, [], &self) ? unsubscribe : nil
    }

    mutating func headers(_ key: String, _ fields: [String: String]?) -> [HeaderTemplate]? {
        guard let fields else { return nil }
        return fields.sorted { $0.key < $1.key }.compactMap { name, value in
            let path = "\(key).\(name)"
            guard read(path, name, { name throws(Diagnostic) in try Self.requireFixed(name) }) != nil else {
                return nil
            }
            guard let template = lineTemplate(path, value) else { return nil }
            let field = HeaderTemplate(name: name, value: template)
            return MessageParts.isGood(path, [field], nil, [], &self) ? field : nil
        }
    }
}

/// A window as it may be set: hours, or expressly none.
enum MailingWindow: Equatable, Sendable {
    /// At any time, whatever the spool's window is.
    case always
    /// Inside these hours.
    case hours(DeliveryWindow)

    /// The hours; `nil` for always.
    var hours: DeliveryWindow? {
        switch self {
        case .always: nil
        case .hours(let window): window
        }
    }
}
