/// How one CSV file is written, as its first row shows (RFC 4180).
struct CSVFormat: Sendable {
    var separator: UInt8
    /// The columns; `nil` while the header row itself is read.
    var columns: FieldNames?

    private static let quote = UInt8(ascii: "\"")
    private static let carriageReturn: UInt8 = 0x0D
    private static let lineFeed: UInt8 = 0x0A
    private static let space: UInt8 = 0x20

    /// Takes apart the row that begins at `start`; `atEnd` says that the file ends at `end`.
    func parse(
        _ bytes: [UInt8], from start: Int, to end: Int, atEnd: Bool, into record: inout RecipientRecord
    ) -> RecordStep {
        if start == end { return atEnd ? .end : .incomplete }
        record.clear()
        var index = start
        while true {
            if let quote = openingQuote(bytes, from: index, to: end) {
                switch quoted(bytes, from: quote, to: end, atEnd: atEnd, into: &record) {
                case .ended(let after): index = Self.skipSpaces(bytes, from: after, to: end)
                case .incomplete: return .incomplete
                case .unclosed:
                    return .unreadable(Self.unclosedQuote(bytes[start..<index]))
                }
                if index < end, !isEnd(bytes[index]) {
                    return strayQuote(bytes, at: index, to: end, atEnd: atEnd)
                }
            } else {
                let field = index
                while index < end, !isEnd(bytes[index]) { index += 1 }
                record.append(bytes[field..<index])
            }
            record.endField()
            if index == end { return atEnd ? finish(bytes, start..<end, next: end, &record) : .incomplete }
            if bytes[index] == separator {
                index += 1
            } else if bytes[index] == Self.carriageReturn, index + 1 == end, !atEnd {
                return .incomplete
            } else {
                return finish(
                    bytes, start..<index, next: Self.afterLineEnd(bytes, at: index, to: end), &record)
            }
        }
    }

    /// Where the field that begins at `start` has its opening quote, `nil` if it is not quoted.
    ///
    /// Blanks before it are nobody's value where the quote is closed on the same line and the field ends there;
    /// otherwise both belong to the text.
    private func openingQuote(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        guard start < end else { return nil }
        if bytes[start] == Self.quote { return start }
        guard bytes[start] == Self.space else { return nil }
        let first = Self.skipSpaces(bytes, from: start, to: end)
        guard first < end, bytes[first] == Self.quote else { return nil }
        var index = first + 1
        while index < end, bytes[index] != Self.lineFeed, bytes[index] != Self.carriageReturn {
            guard bytes[index] == Self.quote else {
                index += 1
                continue
            }
            if index + 1 < end, bytes[index + 1] == Self.quote {
                index += 2
                continue
            }
            let next = Self.skipSpaces(bytes, from: index + 1, to: end)
            return next == end || isEnd(bytes[next]) ? first : nil
        }
        return nil
    }

    private static func skipSpaces(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, bytes[index] == space { index += 1 }
        return index
    }

    private enum Quoted {
        case ended(Int)
        case incomplete
        case unclosed
    }

    /// Appends a quoted field, its doubled quotes halved.
    private func quoted(
        _ bytes: [UInt8], from open: Int, to end: Int, atEnd: Bool, into record: inout RecipientRecord
    ) -> Quoted {
        var chunk = open + 1
        var index = chunk
        while true {
            while index < end, bytes[index] != Self.quote { index += 1 }
            guard index < end else { return atEnd ? .unclosed : .incomplete }
            record.append(bytes[chunk..<index])
            guard index + 1 < end else { return atEnd ? .ended(end) : .incomplete }
            guard bytes[index + 1] == Self.quote else { return .ended(index + 1) }
            // The second of the two quotes is the first byte of what is still to be copied.
            chunk = index + 1
            index += 2
        }
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
    }

    private static func afterLineEnd(_ bytes: [UInt8], at index: Int, to end: Int) -> Int {
        let isPair = bytes[index] == carriageReturn && index + 1 < end && bytes[index + 1] == lineFeed
        return index + (isPair ? 2 : 1)
    }

    /// Judges a row that is complete in itself.
    private func finish(
        _ bytes: [UInt8], _ row: Range<Int>, next: Int, _ record: inout RecipientRecord
    ) -> RecordStep {
        if record.isBlank { return .blank(next: next) }
        if let offset = SourceText.firstInvalidByte(bytes, in: row) {
            let mistake = SourceText.invalidByte(bytes[offset], at: offset)
            return .bad(
                RecordMistake(
                    linesAfter: LineCount.lines(in: bytes[row.lowerBound..<offset]), reason: mistake.reason,
                    hint: mistake.hint), next: next)
        }
        guard let columns else { return .record(next: next) }
        let count = record.count
        guard record.fit(to: columns.names.count) else {
            return .bad(
                RecordMistake(
                    reason: "has \(count) fields where the first row has \(columns.names.count)",
                    hint: "put a field that contains \(separatorName) into double quotes"),
                next: next)
        }
        record.names = columns
        return .record(next: next)
    }

    private func strayQuote(_ bytes: [UInt8], at index: Int, to end: Int, atEnd: Bool) -> RecordStep {
        var lineEnd = index
        while lineEnd < end, bytes[lineEnd] != Self.lineFeed, bytes[lineEnd] != Self.carriageReturn {
            lineEnd += 1
        }
        if lineEnd + 1 >= end, !atEnd { return .incomplete }
        let next = lineEnd < end ? Self.afterLineEnd(bytes, at: lineEnd, to: end) : end
        return .bad(
            RecordMistake(
                reason: "has something between a closing quote and \(separatorName)",
                hint: "double a quote that belongs to a quoted field: \"\""), next: next)
    }

    /// The mistake of a quote that swallows the rest of the file; `before` is the row up to it.
    private static func unclosedQuote(_ before: ArraySlice<UInt8>) -> RecordMistake {
        RecordMistake(
            linesAfter: LineCount.lines(in: before),
            reason: "has a field that begins with a quote and is never closed",
            hint:
                "close it with a \", or double a quote that belongs to the field and put the whole into quotes"
        )
    }

    var separatorName: String {
        switch separator {
        case 0x09: "a tab"
        case UInt8(ascii: ";"): "a semicolon"
        default: "a comma"
        }
    }
}

/// Counts lines as editors do: each ends with LF, CR LF or CR.
enum LineCount {
    static func lines(in bytes: ArraySlice<UInt8>) -> Int {
        var count = 0
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == 0x0A ? previous != 0x0D : byte == 0x0D { count += 1 }
            previous = byte
        }
        return count
    }
}
