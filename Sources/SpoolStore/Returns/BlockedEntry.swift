package import SpoolMail
package import SpoolSchedule

/// A line of `journal/blocked`: who is not mailed any more, and who is again.
package enum BlockedEntry: Equatable, Sendable {
    /// Somebody is not mailed any more.
    case block(Block)
    /// A person has lifted all that stands against somebody: blocks, and having left.
    case unblock(String)
    /// A block was part of a wave, which is nobody's death; that somebody has left stands.
    case release(String)
    /// How many addresses and domains are blocked, and how many times somebody has left.
    case counts(blocked: Int, left: Int)

    /// That somebody is not mailed any more, and why.
    package struct Block: Equatable, Sendable {
        /// Why it is so.
        package enum Cause: Equatable, Sendable {
            /// Mail to the address came back.
            case returned(ReturnClass)
            /// A person has said so.
            case person

            package var word: String {
                switch self {
                case .returned(let meaning): meaning.rawValue
                case .person: "person"
                }
            }

            init?(_ word: String) {
                if word == "person" {
                    self = .person
                } else if let meaning = ReturnClass(rawValue: word) {
                    self = .returned(meaning)
                } else {
                    return nil
                }
            }

            /// Whether somebody has left, and may get what must reach everybody.
            package var isDeparture: Bool { self == .returned(.unsubscribed) }
        }

        /// An address, normalised, or `@` and a domain.
        package var subject: String
        package var cause: Cause
        /// The id of the mailing by which it came; nil if by none.
        package var mailing: String?
        /// What was left; nil for everything.
        package var topic: String?
        /// Which message or line of a log said so; nil if none.
        package var source: ReturnSource?
        /// What the mail system said, on one line.
        package var reply: String

        package init(
            _ subject: String, _ cause: Cause, mailing: String? = nil, topic: String? = nil,
            source: ReturnSource? = nil, reply: String = ""
        ) {
            (self.subject, self.cause, self.mailing) = (subject, cause, mailing)
            (self.topic, self.source, self.reply) = (topic, source, reply)
        }
    }

    /// The word of a line, and what is behind it.
    enum Word: String, CaseIterable {
        case block, unblock, release, counts
    }

    /// Reads a line; nil if it says nothing that is known.
    init?(_ line: CheckedLine) {
        var fields = JournalCoding.Fields(line.text)
        guard let word = Word(rawValue: fields.text()) else { return nil }
        switch word {
        case .block:
            let subject = fields.text()
            guard !subject.isEmpty, let cause = Block.Cause(fields.text()) else { return nil }
            self = .block(
                Block(
                    subject, cause, mailing: fields.optional(), topic: fields.optional(),
                    source: fields.optional().map(ReturnSource.init(field:)), reply: fields.remainder))
        case .unblock: self = .unblock(fields.text())
        case .release: self = .release(fields.text())
        case .counts: self = .counts(blocked: fields.count("blocked"), left: fields.count("left"))
        }
    }

    /// The word and the fields, with a blank between two of them.
    private var text: String {
        switch self {
        case .block(let block):
            let fields = [
                block.subject, block.cause.word, block.mailing ?? "-", block.topic ?? "-",
                block.source?.field ?? "-",
            ]
            return "block \(fields.joined(separator: " ")) \(block.reply)"
        case .unblock(let subject): return "unblock \(subject)"
        case .release(let subject): return "release \(subject)"
        case .counts(let blocked, let left): return "counts blocked=\(blocked) left=\(left)"
        }
    }

    /// Appends the entry's line to some bytes.
    package func write(at time: Timestamp, to bytes: inout [UInt8]) {
        CheckedLine.write(text, at: time, to: &bytes)
    }
}

/// Where it stands that something came back, by which it counts once: the unique name of a message in the Maildir, or the
/// place of a line in a web server's log.
package struct ReturnSource: Hashable, Sendable {
    /// As journals have it: one word of ASCII.
    package let field: String

    init(field: String) { self.field = field }

    /// A message, by its unique name.
    package init(message unique: some Sequence<UInt8>) {
        var text = ""
        for byte in unique {
            if 0x21...0x7E ~= byte, byte != UInt8(ascii: "%") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        field = text
    }

    /// A line of a log: the file's inode, where the line begins, and the line's checksum, since an inode serves again.
    package init(logLine line: UnsafeRawBufferPointer, at offset: Int, inode: UInt64) {
        field = "log/\(inode)/\(offset)/\(String(Checksum.crc32(line), radix: 16))"
    }

    /// A refusal at the hand-over: the mailing's id, and where the line begins in its journal.
    package init(refusalOf mailing: String, at offset: Int) {
        field = "refused/\(mailing)/\(offset)"
    }
}

extension JournalCoding.Fields {
    /// A field in whose place `-` stands if there is none.
    mutating func optional() -> String? {
        let text = text()
        return text == "-" || text.isEmpty ? nil : text
    }

    /// The number of a `key=value` field; 0 if there is none. The order is ours.
    mutating func count(_ key: String) -> Int {
        let field = text()
        return field.hasPrefix(key + "=") ? Int(field.dropFirst(key.utf8.count + 1)) ?? 0 : 0
    }
}
