internal import SpoolMail
internal import SpoolSchedule
internal import SpoolText

/// Finds out from a CSV file's first row what separates its fields and what its columns are.
struct ListColumns {
    /// What the first row shows.
    struct Result {
        var format: CSVFormat
        /// The position of the first row that is a recipient, behind `start`.
        var next: Int
        var warnings: [Diagnostic]
        /// The column with the addresses, if it was found by what it holds.
        var guessedColumn: String?
    }

    private typealias Candidate = (format: CSVFormat, record: RecipientRecord, next: Int)

    let bytes: [UInt8]
    let start: Int
    let end: Int
    let atEnd: Bool

    /// Judges the first row, and where that does not suffice the next ones; `nil` if the window has to hold more of them.
    func recognize() throws(RecordMistake) -> Result? {
        var first = start
        var separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
        if let declared = declaredSeparator() {
            separators = [declared.separator]
            first = declared.next
        }
        var candidates: [Candidate] = []
        for separator in separators {
            let format = CSVFormat(separator: separator)
            var record = RecipientRecord()
            var position = first
            reading: while true {
                switch format.parse(bytes, from: position, to: end, atEnd: atEnd, into: &record) {
                case .blank(let next):
                    position = next
                case .record(let next):
                    candidates.append((format, record, next))
                    break reading
                case .incomplete:
                    return nil
                case .end:
                    throw RecordMistake(
                        reason: "is empty", hint: "its first row names the columns, one of them address")
                case .bad(let mistake, _), .unreadable(let mistake):
                    // Another separator may make sense of a row that this one does not.
                    if separators.count == 1 || separator == 0x09 && candidates.isEmpty { throw mistake }
                    break reading
                }
            }
        }
        let widest = candidates.sorted { $0.record.count > $1.record.count }
        for candidate in widest {
            let names = Self.names(candidate)
            if names.contains(where: AddressColumn.isAddressName) {
                return try withKnownName(names, candidate)
            }
        }
        for candidate in widest {
            if let column = Self.values(candidate.record).firstIndex(where: { (try? Mailbox($0)) != nil }) {
                return Self.withoutHeader(
                    candidate.record, column, candidate.format, rowStart: first, next: candidate.next)
            }
        }
        return try byContents(widest)
    }

    private func sample(_ candidate: Candidate) -> ColumnSample? {
        ColumnSample(
            candidate.format, bytes, from: candidate.next, to: end, atEnd: atEnd,
            columns: candidate.record.count)
    }

    // MARK: The column of the addresses

    private func withKnownName(
        _ names: [String], _ candidate: Candidate
    ) throws(RecordMistake) -> Result? {
        let mail = names.indices.filter { AddressColumn.isMailName(names[$0]) }
        let plain = names.indices.filter { AddressColumn.isPlainName(names[$0]) }
        if mail.count == 1 {
            var result = Self.withHeader(names, candidate, address: mail[0])
            if let other = plain.first { result.warnings.append(Self.notTaken(names[other], names[mail[0]])) }
            return result
        }
        guard let sample = sample(candidate) else { return nil }
        let known = mail.isEmpty ? plain : mail
        if known.count == 1, sample.rows == 0 || sample.holdsAddresses(known[0]) {
            return Self.withHeader(names, candidate, address: known[0])
        }
        let likely = (mail.isEmpty ? Array(names.indices) : mail).filter(sample.holdsAddresses)
        if likely.count == 1 {
            var result = Self.withHeader(names, candidate, address: likely[0])
            if !known.contains(likely[0]) { result.guessedColumn = Self.plainName(likely[0], names) }
            return result
        }
        // What is wrong with the only one, its rows will show.
        if known.count == 1 { return Self.withHeader(names, candidate, address: known[0]) }
        throw RecordMistake(
            reason: "has several columns that may hold the address: " + Self.list(known, names),
            hint: "rename those that are not to be used")
    }

    private func byContents(_ widest: [Candidate]) throws(RecordMistake) -> Result? {
        var resembling: [String] = []
        for candidate in widest {
            guard let sample = sample(candidate) else { return nil }
            let names = Self.names(candidate)
            let likely = names.indices.filter(sample.holdsAddresses)
            // A broken address in the first row is nobody's column name.
            if likely.count == 1, !names[likely[0]].contains("@") {
                var result = Self.withHeader(names, candidate, address: likely[0])
                result.guessedColumn = Self.plainName(likely[0], names)
                return result
            }
            if likely.count > 1 {
                throw RecordMistake(
                    reason: "has no column email, and several that hold addresses: "
                        + Self.list(likely, names),
                    hint: "call the one that is to be used email")
            }
            if resembling.isEmpty {
                resembling = names.indices.filter {
                    AddressColumn.resemblesMailName(names[$0]) || sample.holdsSigns($0)
                }.map { Self.label($0, names) }
            }
        }
        let found = widest.first.map { Self.names($0) } ?? []
        throw RecordMistake(
            reason: "has no column address or email: its columns are "
                + Self.list(Array(found.indices), found),
            hint: resembling.isEmpty
                ? "write the names of the columns into the first row, and call the one with the addresses email"
                : "\(resembling.prefix(12).joined(separator: ", ")) looks right: call it email if it holds the addresses"
        )
    }

    /// Columns by their names.
    private static func list(_ columns: [Int], _ names: [String]) -> String {
        columns.prefix(12).map { label($0, names) }.joined(separator: ", ")
    }

    private static func label(_ column: Int, _ names: [String]) -> String {
        names[column].isEmpty ? plainName(column, names) : names[column].quoted
    }

    private static func plainName(_ column: Int, _ names: [String]) -> String {
        names[column].isEmpty ? "column \(column + 1)" : names[column]
    }

    private static func notTaken(_ other: String, _ chosen: String) -> Diagnostic {
        Diagnostic(
            message: "the column \"\(chosen)\" is taken for the mail address, not \"\(other)\"",
            hint: "rename the column \"\(other)\" to use it as a field")
    }

    // MARK: Rows

    /// The line `sep=;` that Excel writes and reads, perhaps as the quoted field that other programs make of it.
    private func declaredSeparator() -> (separator: UInt8, next: Int)? {
        let isQuoted = start < end && bytes[start] == UInt8(ascii: "\"")
        let word = isQuoted ? start + 1 : start
        let lineEnd = word + 5 + (isQuoted ? 1 : 0)
        guard lineEnd < end, Self.isSep(bytes[word..<word + 4]), 0x09...0x7F ~= bytes[word + 4],
            !isQuoted || bytes[word + 5] == UInt8(ascii: "\""),
            bytes[lineEnd] == 0x0D || bytes[lineEnd] == 0x0A
        else { return nil }
        let isPair = bytes[lineEnd] == 0x0D && lineEnd + 1 < end && bytes[lineEnd + 1] == 0x0A
        return (bytes[word + 4], lineEnd + (isPair ? 2 : 1))
    }

    private static func isSep(_ word: ArraySlice<UInt8>) -> Bool {
        String(decoding: word, as: UTF8.self).lowercased() == "sep="
    }

    private static func values(_ record: RecipientRecord) -> [String] {
        (0..<record.count).map { record.value($0) }
    }

    private static func names(_ candidate: Candidate) -> [String] { values(candidate.record).map(trimmed) }

    private static func trimmed(_ name: String) -> String {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}", "\n", "\r"]
        var scalars = name.unicodeScalars[...]
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    private static func withHeader(_ names: [String], _ candidate: Candidate, address: Int) -> Result {
        var format = candidate.format
        format.columns = FieldNames(
            names, address: address,
            name: names.firstIndex(of: "name") ?? names.firstIndex { $0.lowercased() == "name" })
        return Result(format: format, next: candidate.next, warnings: [])
    }

    private static func withoutHeader(
        _ record: RecipientRecord, _ column: Int, _ format: CSVFormat, rowStart: Int, next: Int
    ) -> Result {
        var format = format
        let names = (0..<record.count).map { $0 == column ? "address" : "" }
        format.columns = FieldNames(names, address: column)
        let warning = Diagnostic(
            message: "the list has no header row; its column \(column + 1) is taken for the address",
            hint: "write the names of the columns into the first row to use the others as fields")
        return Result(format: format, next: rowStart, warnings: record.count > 1 ? [warning] : [])
    }
}
