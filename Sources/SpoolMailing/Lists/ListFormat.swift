/// The way in which a list is written.
enum ListFormat: Sendable {
    case csv(CSVFormat)
    /// A JSON value a line.
    case jsonLines
    /// Mailboxes, one or several a line.
    case text

    /// Takes apart the record that begins at `start`; `atEnd` says that the list ends at `end`.
    func parse(
        _ bytes: [UInt8], from start: Int, to end: Int, atEnd: Bool, into record: inout RecipientRecord
    ) -> RecordStep {
        if case .csv(let format) = self {
            return format.parse(bytes, from: start, to: end, atEnd: atEnd, into: &record)
        }
        if start == end { return atEnd ? .end : .incomplete }
        var lineEnd = start
        while lineEnd < end, bytes[lineEnd] != 0x0A, bytes[lineEnd] != 0x0D { lineEnd += 1 }
        // A CR may be the first half of a line end.
        if lineEnd + 1 >= end, !atEnd { return .incomplete }
        let isPair = lineEnd + 1 < end && bytes[lineEnd] == 0x0D && bytes[lineEnd + 1] == 0x0A
        return line(bytes, start..<lineEnd, next: min(lineEnd + (isPair ? 2 : 1), end), into: &record)
    }

    private func line(
        _ bytes: [UInt8], _ line: Range<Int>, next: Int, into record: inout RecipientRecord
    ) -> RecordStep {
        var first = line.lowerBound
        while first < line.upperBound, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
        if first == line.upperBound { return .blank(next: next) }
        if let offset = SourceText.firstInvalidByte(bytes, in: line) {
            let mistake = SourceText.invalidByte(bytes[offset], at: offset)
            return .bad(RecordMistake(reason: mistake.reason, hint: mistake.hint), next: next)
        }
        guard case .jsonLines = self else {
            if bytes[first] == UInt8(ascii: "#") { return .blank(next: next) }
            let (mailbox, rest) = MailboxLine.first(of: ListComment.cut(bytes[first..<line.upperBound]))
            record.clear()
            record.append(mailbox)
            record.endField()
            record.names = .addressAlone
            return .record(next: rest ?? next)
        }
        do throws(RecordMistake) {
            var scanner = JSONScanner(bytes, from: first, to: line.upperBound)
            try JSONRecord.parse(&scanner, into: &record)
            scanner.skipSpace()
            guard scanner.current == nil else {
                throw RecordMistake(
                    reason: "holds something behind the recipient", hint: "write one recipient a line")
            }
            return .record(next: next)
        } catch {
            return .bad(error, next: next)
        }
    }
}
