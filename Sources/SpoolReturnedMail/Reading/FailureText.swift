internal import SpoolMail

/// The prose of a report, cut where the copy of the message begins.
struct FailureText {
    /// What the mail system says, at most `mostLines`.
    let said: [ArraySlice<UInt8>]
    /// The copy of the message that came back, if it follows in the same text.
    let copy: ArraySlice<UInt8>
    /// All that was said.
    let wording: Wording

    private static let mostLines = 300

    init(_ text: [UInt8]) {
        var said: [ArraySlice<UInt8>] = []
        var copy: ArraySlice<UInt8> = []
        var lines = Lines(text[...])
        while said.count < FailureText.mostLines, let line = lines.next() {
            let lowered = line.prefix(200).map(ASCII.lowercased)
            if FailureText.beginsCopy(lowered) {
                copy = text[line.startIndex...]
                break
            }
            if !said.isEmpty, TextFormatTable.copyMarks.occurs(in: lowered),
                AddressSearch.all(in: line).isEmpty
            {
                copy = lines.rest
                break
            }
            said.append(line)
        }
        self.said = said
        self.copy = copy
        wording = Wording(Array(FailureText.unquoted(said).joined(separator: [ASCII.space])))
    }

    /// Without what somebody quotes: a reply to a report is none.
    private static func unquoted(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        lines.filter { $0.first != 0x3E || $0.starts(with: ">>>".utf8) }
    }

    /// The fields that come first in a message that has been on its way, or the heading above them.
    private static func beginsCopy(_ line: [UInt8]) -> Bool {
        let text = Lines.trimmed(line[...])
        let words = text.drop { !ASCII.isLetterOrDigit($0) }.reversed().drop { !ASCII.isLetterOrDigit($0) }
            .reversed()
        if words.elementsEqual("original message".utf8) || words.elementsEqual("original mail".utf8) {
            return true
        }
        return text.starts(with: "return-path:".utf8) || text.starts(with: "received: from ".utf8)
            || text.starts(with: "received: by ".utf8) || text.starts(with: "received: (".utf8)
    }
}

/// Finds whom a report in prose names, and what it says of each.
struct RecipientSearch {
    private var order: [String] = []
    private var words: [String: [UInt8]] = [:]
    private var tail: [UInt8] = []
    private var current: String?

    /// `known` are those that a field names, if one does; `senders` those to whom the report is addressed, who are
    /// recipients only if nobody else is named.
    static func reports(in text: FailureText, known: [String], senders: Set<String>) -> [RecipientReport] {
        let mentions = text.said.map(Mention.all)
        let chosen: [String]
        if known.isEmpty {
            chosen = choose(among: mentions, from: firstLine(of: text), senders: senders)
        } else {
            chosen = known
        }
        var search = RecipientSearch()
        search.order = chosen
        for (line, mentions) in zip(text.said, mentions) { search.read(line, mentions) }
        let everything = Array(text.said.joined(separator: [ASCII.space]))
        return chosen.map { address in
            var report = RecipientReport(address: address)
            let own = search.words[address] ?? []
            report.words = own.contains(where: ASCII.isLetterOrDigit) ? own : search.tail
            report.context = { [everything] }
            return report
        }
    }

    /// Lines before the one that introduces the addresses tell of the message.
    private static func firstLine(of text: FailureText) -> Int {
        text.said.firstIndex { line in
            Mention.introductions.occurs(in: line.prefix(400).map(ASCII.lowercased))
        } ?? 0
    }

    private static func choose(
        among mentions: [[Mention]], from first: Int, senders: Set<String>
    ) -> [String] {
        let all: [Mention] = Array((mentions[first...] + mentions[..<first]).joined())
        let named = all.filter { $0.role != .passing }.map(\.address)
        let passing = all.filter { $0.role == .passing }.map(\.address)
        let others = named.filter { !senders.contains($0) }
        for candidates in [others, named, passing.filter { !senders.contains($0) }] where !candidates.isEmpty
        {
            var seen: Set<String> = []
            return candidates.filter { seen.insert($0).inserted }
        }
        return []
    }

    private mutating func read(_ line: ArraySlice<UInt8>, _ mentions: [Mention]) {
        var text = Array(line)
        let mention = mentions.first { order.contains($0.address) && $0.role != .passing }
        if let mention {
            // The address itself says nothing.
            let range =
                (mention.range.lowerBound - line.startIndex)..<(mention.range.upperBound - line.startIndex)
            text.replaceSubrange(range, with: [ASCII.space])
        }
        switch mention?.role {
        case .leading, .introduced: current = mention?.address
        case .reply:
            if let address = mention?.address { words[address, default: []] += [ASCII.space] + text }
            return
        case .passing, nil: break
        }
        guard let current else { return }
        words[current, default: []] += [ASCII.space] + text
        if mention == nil { tail += [ASCII.space] + text } else { tail = [] }
    }
}
