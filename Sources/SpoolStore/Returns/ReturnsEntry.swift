package import SpoolMail
package import SpoolSchedule

/// A line of `journal/returns/MAILING-ID`, or of `journal/returns/other`: what came back, each thing once.
package enum ReturnsEntry: Equatable, Sendable {
    /// Something came back of a recipient, proved by a token.
    case returned(Return)
    /// The mail system refused a recipient at the hand-over: counts like a bounce of the same code, but for the numbers of
    /// what came back.
    case refused(Return)
    /// A message is for a person to look at.
    case flagged(ReturnSource, from: String, subject: String)
    /// A message says that it is a bounce, a complaint or a departure, and has no token that proves it.
    case unsigned(ReturnSource, from: String, subject: String)
    /// A message is none of ours.
    case other(ReturnSource)
    /// Requests to leave whose tokens do not prove anything: how many, from the line of a log on that is named.
    case unproven(ReturnSource, Int)
    /// Hard bounces at a domain, or with nil of the whole mailing, are a wave and block nobody, with one of the replies.
    case held(domain: String?, reply: String)
    /// A person has decided about what is held.
    case settled
    case counts(ReturnsCounts)

    /// What came back of a recipient.
    package struct Return: Equatable, Sendable {
        /// Normalised.
        package var address: String
        package var meaning: ReturnClass
        package var source: ReturnSource
        /// The enhanced code; nil if none was said.
        package var code: String?
        /// Which rule spoke.
        package var rule: String
        /// Whom the message names instead, where the recipient has it forwarded.
        package var forwarded: String?
        /// What the mail system said, on one line.
        package var reply: String

        package init(
            _ address: String, _ meaning: ReturnClass, _ source: ReturnSource, code: String? = nil,
            rule: String,
            forwarded: String? = nil, reply: String = ""
        ) {
            (self.address, self.meaning, self.source, self.code) = (address, meaning, source, code)
            (self.rule, self.forwarded, self.reply) = (rule, forwarded, reply)
        }
    }

    private enum Word: String {
        case returned, refused, flagged, unsigned, other, unproven, held, settled, counts
    }

    /// Reads a line; nil if it says nothing that is known.
    package init?(_ line: CheckedLine) {
        var fields = JournalCoding.Fields(line.text)
        guard let word = Word(rawValue: fields.text()) else { return nil }
        switch word {
        case .returned, .refused:
            let address = fields.text()
            guard !address.isEmpty, let meaning = ReturnClass(rawValue: fields.text()) else { return nil }
            var found = Return(address, meaning, ReturnSource(field: fields.text()), rule: "")
            found.code = fields.optional()
            found.rule = fields.text()
            found.forwarded = fields.optional()
            found.reply = fields.remainder
            self = word == .returned ? .returned(found) : .refused(found)
        case .flagged:
            self = .flagged(
                ReturnSource(field: fields.text()), from: fields.optional() ?? "", subject: fields.remainder)
        case .unsigned:
            self = .unsigned(
                ReturnSource(field: fields.text()), from: fields.optional() ?? "", subject: fields.remainder)
        case .other: self = .other(ReturnSource(field: fields.text()))
        case .unproven: self = .unproven(ReturnSource(field: fields.text()), fields.number() ?? 1)
        case .held: self = .held(domain: fields.optional(), reply: fields.remainder)
        case .settled: self = .settled
        case .counts: self = .counts(ReturnsCounts(fields))
        }
    }

    private var text: String {
        switch self {
        case .returned(let found): "returned \(ReturnsEntry.fields(of: found))"
        case .refused(let found): "refused \(ReturnsEntry.fields(of: found))"
        case .flagged(let source, let from, let subject): "flagged \(source.field) \(word(from)) \(subject)"
        case .unsigned(let source, let from, let subject): "unsigned \(source.field) \(word(from)) \(subject)"
        case .other(let source): "other \(source.field)"
        case .unproven(let source, let count): "unproven \(source.field) \(count)"
        case .held(let domain, let reply): "held \(domain ?? "-") \(reply)"
        case .settled: "settled"
        case .counts(let counts): "counts \(counts.text)"
        }
    }

    private static func fields(of found: Return) -> String {
        let fields = [
            found.address, found.meaning.rawValue, found.source.field, found.code ?? "-", found.rule,
            found.forwarded.map(oneWord) ?? "-", found.reply,
        ]
        return fields.joined(separator: " ")
    }

    private func word(_ text: String) -> String { ReturnsEntry.oneWord(text) }

    /// What strangers wrote, where a field is one word.
    private static func oneWord(_ text: String) -> String {
        let word = String(text.filter { !$0.isWhitespace })
        return word.isEmpty ? "-" : word
    }

    /// By what it counts once; nil if it is no thing that came back.
    package var source: ReturnSource? {
        switch self {
        case .returned(let found), .refused(let found): found.source
        case .flagged(let source, _, _), .unsigned(let source, _, _), .other(let source),
            .unproven(let source, _):
            source
        case .held, .settled, .counts: nil
        }
    }

    /// Appends the entry's line to some bytes.
    package func write(at time: Timestamp, to bytes: inout [UInt8]) {
        CheckedLine.write(text, at: time, to: &bytes)
    }
}

/// What came back of a mailing, in recipients: of those that bounced the worst class of each counts; whatever else came
/// back counts besides.
package struct ReturnsCounts: Equatable, Sendable {
    package var hard = 0
    package var soft = 0
    package var refused = 0
    package var delayed = 0
    package var delivered = 0
    package var complaint = 0
    package var unsubscribed = 0
    package var autoReply = 0

    package init() {}

    private static func path(
        of meaning: ReturnClass
    ) -> WritableKeyPath<ReturnsCounts, Int> {
        switch meaning {
        case .hard: \.hard
        case .soft: \.soft
        case .refused: \.refused
        case .delayed: \.delayed
        case .delivered: \.delivered
        case .complaint: \.complaint
        case .unsubscribed: \.unsubscribed
        case .autoReply: \.autoReply
        }
    }

    package subscript(meaning: ReturnClass) -> Int {
        get { self[keyPath: ReturnsCounts.path(of: meaning)] }
        set { self[keyPath: ReturnsCounts.path(of: meaning)] = newValue }
    }

    fileprivate init(_ fields: JournalCoding.Fields) {
        var fields = fields
        while !fields.rest.isEmpty {
            let parts = fields.text().split(separator: "=")
            guard parts.count == 2, let meaning = ReturnClass(rawValue: String(parts[0])) else { continue }
            self[meaning] = Int(parts[1]) ?? 0
        }
    }

    fileprivate var text: String {
        ReturnClass.allCases.map { "\($0.rawValue)=\(self[$0])" }.joined(separator: " ")
    }
}
