package import SpoolSchedule

/// `returns` of config.json: where what comes back lies, and what follows from it.
package struct ReturnsSettings: Equatable, Sendable {
    /// `returns.block`: after so many of a kind nobody is mailed any more; never after 0.
    package struct Block: Equatable, Sendable {
        package var hard: Int
        package var soft: Int
        /// The first and the last of the soft ones are at least so far apart.
        package var softSpan: Interval
        package var complaint: Int

        package init(
            hard: Int = 1, soft: Int = 5, softSpan: Interval = .days(14), complaint: Int = 1
        ) {
            (self.hard, self.soft, self.softSpan, self.complaint) = (hard, soft, softSpan, complaint)
        }
    }

    /// `returns.maildir`: a path below the spool, or a whole one.
    package var maildir = "returns"
    /// `returns.block`
    package var block = Block()
    /// `returns.keep`: how long a message stays that was read and understood.
    package var keep = Interval.days(90)
    /// `returns.webLogs`: logs of the web server that answers people who leave; paths as of the Maildir.
    package var webLogs: [String] = []
}

extension ConfigurationDocument {
    struct Returns: Decodable {
        struct Block: Decodable {
            var hard: Int?
            var soft: Int?
            var softSpan: String?
            var complaint: Int?
        }

        var maildir: String?
        var block: Block?
        var keep: String?
        var webLogs: [String]?
    }

    static let returnsShape = JSONShape.object([
        "maildir": .string,
        "block": .object([
            "hard": .integer(0...1000), "soft": .integer(0...1000), "softSpan": .string,
            "complaint": .integer(0...1000),
        ]),
        "keep": .string, "webLogs": .array(.string),
    ])
}

extension ReturnsSettings {
    init(_ document: ConfigurationDocument.Returns?, _ reader: inout SettingReader) {
        guard let document else { return }
        func interval(_ key: String, _ text: String?) -> Interval? {
            reader.read(key, text) { text throws(Diagnostic) in try Interval(text) }
        }
        let written = document.block
        if let count = written?.hard { block.hard = count }
        if let count = written?.soft { block.soft = count }
        if let count = written?.complaint { block.complaint = count }
        if let span = interval("returns.block.softSpan", written?.softSpan) { block.softSpan = span }
        if let time = interval("returns.keep", document.keep) { keep = time }
        if let path = document.maildir {
            maildir = path
            if let problem = SpoolPath.problem(path, kept: SpoolPath.kept.subtracting(["returns"])) {
                reader.fail(
                    "returns.maildir", problem,
                    hint: "write a path below the spool, such as \"returns\", or a whole one")
            }
        }
        webLogs = document.webLogs ?? []
        for (index, path) in webLogs.enumerated() {
            guard let problem = SpoolPath.problem(path) else { continue }
            reader.fail(
                "returns.webLogs[\(index)]", problem,
                hint: "write the whole path of a log, such as \"/var/log/nginx/leave/access.log\"")
        }
    }
}
