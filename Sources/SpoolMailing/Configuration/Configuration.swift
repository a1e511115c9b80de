package import SpoolMail
package import SpoolSchedule
internal import SpoolText

/// The settings of a whole spool, from config.json; only reading makes one, and it is without fault.
package struct Configuration: Sendable {
    /// How messages are handed over.
    package enum Transport: Equatable, Sendable {
        /// A process a message; without a command, the machine's sendmail.
        case sendmail(command: [String]?)
        /// SMTP to the machine's own mail system.
        case smtp(host: String, port: Int)
        /// Files in a Maildir at this path below the spool.
        case maildir(directory: String)
    }

    /// What happens to recipients whose outcome is unknown.
    package enum InDoubt: String, Sendable {
        /// They are mailed again, with the same Message-ID.
        case resend
        /// They wait for a person's decision.
        case hold
    }

    /// What documents have that do not say otherwise.
    package struct Defaults: Sendable {
        /// `from`
        var from: Mailbox?
        /// `replyTo`
        var replyTo: [Mailbox]?
        /// `returnPath`
        var returnPath: EmailAddress?
        /// `headers`
        package var headers: [HeaderTemplate]?
        /// `listUnsubscribe`
        package var listUnsubscribe: ListUnsubscribe?
    }

    /// `delivery.via` and what belongs to it.
    package internal(set) var transport = Transport.sendmail(command: nil)
    /// `delivery.concurrency`
    package internal(set) var concurrency: Int
    /// `delivery.timeout`
    package internal(set) var timeout = Interval.seconds(300)
    /// `delivery.largestMessage`
    package internal(set) var largestMessage = ByteCount(25 << 20)
    /// `rate`, for the whole spool.
    package internal(set) var rate: Rate?
    /// `window`, for mailings without their own.
    var window: DeliveryWindow?
    /// `timeZone`, or the machine's.
    package internal(set) var localZone: LocalZone
    /// `retry` and `giveUpAfter`.
    package internal(set) var attempts = AttemptPolicy()
    /// `reportTo`, for mailings without their own.
    var reportTo: Mailbox?
    /// `inDoubt`
    package internal(set) var inDoubt = InDoubt.resend
    /// `defaults`
    package internal(set) var defaults = Defaults()
    /// `returns`
    package internal(set) var returns = ReturnsSettings()
    /// A hash of all that documents are judged by: the same as long as only that has changed which says how messages are
    /// handed over.
    package private(set) var judgementHash = "none"

    /// The settings of a spool without a config.json.
    ///
    /// - Parameters:
    ///   - cores: the machine's processor cores, from which the concurrency is taken, at least 2.
    ///   - zone: the machine's time zone.
    package init(cores: Int, zone: LocalZone) {
        concurrency = min(max(cores, 2), 64)
        localZone = zone
    }

    /// The rules of ``localZone``.
    package var zone: TimeZoneRules { localZone.rules }
}

/// config.json as it is written.
struct ConfigurationDocument: Decodable {
    struct Dispatcher: Decodable {
        var via: String?
        var command: [String]?
        var host: String?
        var port: Int?
        var directory: String?
        var concurrency: Int?
        var timeout: Int?
        var largestMessage: String?
    }

    struct Retry: Decodable {
        var first: String?
        var most: String?
    }

    struct Defaults: Decodable {
        var from: String?
        var replyTo: Document.OneOrMore?
        var returnPath: String?
        var headers: [String: String]?
        var listUnsubscribe: Document.Unsubscribe?
    }

    var delivery: Dispatcher?
    var rate: String?
    var window: Document.Window?
    var timeZone: String?
    var giveUpAfter: String?
    var reportTo: String?
    var retry: Retry?
    var inDoubt: String?
    var defaults: Defaults?
    var returns: Returns?

    static let shape: [String: JSONShape] = [
        "delivery": .object([
            "via": .string, "command": .array(.string), "host": .string, "port": .integer(1...65535),
            "directory": .string, "concurrency": .integer(1...64), "timeout": .integer(1...86400),
            "largestMessage": .string,
        ]),
        "rate": .string, "window": Document.windowShape, "timeZone": .string, "giveUpAfter": .string,
        "reportTo": .string, "retry": .object(["first": .string, "most": .string]), "inDoubt": .string,
        "defaults": .object([
            "from": .string, "replyTo": Document.mailboxesShape, "returnPath": .string,
            "headers": .map(.string),
            "listUnsubscribe": Document.unsubscribeShape,
        ]),
        "returns": returnsShape,
    ]
}

extension Configuration {
    /// Larger files are no settings.
    package static let sizeLimit = 1 << 20

    /// Reads a config.json.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - cores: the machine's processor cores.
    ///   - zone: the machine's time zone, used if the file names none.
    ///   - lookUp: gives a time zone by its name.
    /// - Throws: everything that is wrong with it.
    package init(
        reading bytes: [UInt8], cores: Int, zone: LocalZone, lookUp: TimeZoneLookup
    ) throws(Diagnostics) {
        self.init(cores: cores, zone: zone)
        guard bytes.count <= Self.sizeLimit else {
            throw Diagnostics([Diagnostic(message: "it is larger than 1 MiB", hint: "it holds settings only")]
            )
        }
        let json: StrictJSON<ConfigurationDocument>
        do throws(Diagnostic) {
            json = try StrictJSON(bytes, shape: ConfigurationDocument.shape)
        } catch {
            throw Diagnostics([error])
        }
        judgementHash = Self.judgementHash(of: json.outline, in: bytes)
        let document = json.value
        var reader = SettingReader(json.problems, lineOfKey: json.outline.line(of:))
        read(document.delivery, &reader)
        rate = reader.read("rate", document.rate) { text throws(Diagnostic) in try Rate(text) }
        window = reader.window("window", document.window)?.hours
        if let rules = reader.read("timeZone", document.timeZone, lookUp) {
            localZone = LocalZone(rules, name: document.timeZone)
        }
        reportTo = reader.reportTo(document.reportTo)
        inDoubt =
            reader.read("inDoubt", document.inDoubt) { text throws(Diagnostic) in
                guard let choice = InDoubt(rawValue: text) else {
                    throw Diagnostic(
                        "\(text.quoted) is no choice", hint: "write \"resend\" or \"hold\"")
                }
                return choice
            } ?? .resend
        readAttempts(document, &reader)
        read(document.defaults, &reader)
        returns = ReturnsSettings(document.returns, &reader)
        if !reader.problems.isEmpty { throw Diagnostics(reader.problems) }
    }

    /// What no judgement depends on; whatever is not named here counts.
    private static let deliveryKeys: Set = [
        "rate", "retry", "inDoubt", "delivery.via", "delivery.command", "delivery.host", "delivery.port",
        "delivery.directory", "delivery.concurrency", "delivery.timeout",
    ]

    private static func judgementHash(of outline: JSONOutline, in bytes: [UInt8]) -> String {
        var hash = ContentHash()
        func add(_ children: [Int], below path: String) {
            for node in children.map({ outline.nodes[$0] }) where !deliveryKeys.contains(path + node.key) {
                if node.key == "delivery", path.isEmpty {
                    add(node.children, below: "delivery.")
                } else {
                    hash.add(path + node.key)
                    hash.add(String(decoding: bytes[node.value], as: UTF8.self))
                }
            }
        }
        add(outline.nodes.first?.children ?? [], below: "")
        return hash.text
    }

    private mutating func readAttempts(_ document: ConfigurationDocument, _ reader: inout SettingReader) {
        func interval(_ key: String, _ text: String?) -> Interval? {
            reader.read(key, text) { text throws(Diagnostic) in try Interval(text) }
        }
        if let time = interval("giveUpAfter", document.giveUpAfter) { attempts.giveUpAfter = time }
        let standard = attempts.backoff
        let written = document.retry
        let first = interval("retry.first", written?.first) ?? standard.first
        let most = interval("retry.most", written?.most) ?? max(standard.most, first)
        if first > most {
            if written?.first == nil {
                reader.fail(
                    "retry.most", "is shorter than first, which is not given and is 5m",
                    hint: "write first, too, or at least \"5m\"")
            } else {
                reader.fail(
                    "retry", "first is longer than most", hint: "write the shorter of the two as first")
            }
        } else if first < .seconds(1) {
            reader.fail("retry.first", "is no time at all", hint: "write at least \"1s\"")
        } else {
            attempts.backoff = Backoff(first: first, most: most)
        }
    }

    private mutating func read(_ delivery: ConfigurationDocument.Dispatcher?, _ reader: inout SettingReader) {
        guard let delivery else { return }
        if let concurrency = delivery.concurrency { self.concurrency = concurrency }
        if let timeout = delivery.timeout { self.timeout = .seconds(Int64(timeout)) }
        let largest = reader.read("delivery.largestMessage", delivery.largestMessage) {
            text throws(Diagnostic) in try ByteCount(text)
        }
        if let largest { largestMessage = largest }
        if let command = delivery.command {
            if command.isEmpty {
                reader.fail(
                    "delivery.command", "the array is empty",
                    hint: "write the program and its first arguments")
            } else if !(command[0].hasPrefix("/")) {
                reader.fail(
                    "delivery.command", "\(command[0].quoted) is no absolute path",
                    hint: "write the program with its whole path, such as \"/usr/sbin/sendmail\"")
            } else if command.contains(where: { $0.utf8.contains(0) }) {
                reader.fail("delivery.command", "contains a NUL", hint: "remove it")
            }
        }
        switch delivery.via ?? "sendmail" {
        case "sendmail":
            transport = .sendmail(command: delivery.command)
        case "smtp":
            let host = delivery.host ?? "127.0.0.1"
            if host.isEmpty { reader.fail("delivery.host", "is empty", hint: "leave the key out") }
            transport = .smtp(host: host, port: delivery.port ?? 25)
        case "maildir":
            let directory = delivery.directory ?? "outbox"
            if let problem = SpoolPath.problem(below: directory) {
                reader.fail(
                    "delivery.directory", problem, hint: "write a path below the spool, such as \"outbox\"")
            }
            transport = .maildir(directory: directory)
        case let other:
            reader.fail(
                "delivery.via", "\(other.quoted) is no way of delivery",
                hint: "write \"sendmail\" or \"maildir\"")
        }
    }

    private mutating func read(_ defaults: ConfigurationDocument.Defaults?, _ reader: inout SettingReader) {
        guard let defaults else { return }
        self.defaults = Defaults(
            from: reader.mailbox("defaults.from", defaults.from),
            replyTo: reader.mailboxes("defaults.replyTo", defaults.replyTo),
            returnPath: reader.address("defaults.returnPath", defaults.returnPath),
            headers: reader.headers("defaults.headers", defaults.headers),
            listUnsubscribe: reader.unsubscribe("defaults.listUnsubscribe", defaults.listUnsubscribe))
    }
}
