internal import SpoolMail
internal import SpoolSchedule

/// Finds out from a CSV file's first row what separates its fields and what its columns are.
struct ListColumns {
    /// What the first row shows.
    struct Result {
        var format: CSVFormat
        /// The position of the first row that is a recipient, behind `start`.
        var next: Int
        var warnings: [Diagnostic]
    }

    /// Small letters without blanks and hyphens.
    private static let mailNames: Set<String> = ["email", "epost", "emailaddress", "epostadress"]
    private static let plainNames: Set<String> = ["address", "adress"]

    /// Whether a column or field of this name is likely to hold mail addresses.
    static func isAddressName(_ name: String) -> Bool {
        let plain = simplified(name)
        return mailNames.contains(plain) || plainNames.contains(plain)
    }

    private static func simplified(_ name: String) -> String {
        name.lowercased().filter { $0 != "-" && $0 != " " && $0 != "_" }
    }

    let bytes: [UInt8]
    let start: Int
    let end: Int
    let atEnd: Bool

    /// Judges the first row; `nil` if it does not end inside the window.
    func recognize() throws(RecordMistake) -> Result? {
        var first = start
        var separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
        if let declared = declaredSeparator() {
            separators = [declared.separator]
            first = declared.next
        }
        var candidates: [(format: CSVFormat, record: RecipientRecord, next: Int)] = []
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
            let names = Self.values(candidate.record).map(Self.trimmed)
            if names.contains(where: Self.isAddressName) {
                return try Self.withHeader(names, candidate.format, next: candidate.next)
            }
        }
        for candidate in widest {
            if let column = Self.addressColumn(Self.values(candidate.record)) {
                return Self.withoutHeader(
                    candidate.record, column, candidate.format, rowStart: first, next: candidate.next)
            }
        }
        let found = widest.first.map { Self.values($0.record).map(Self.trimmed) } ?? []
        throw RecordMistake(
            reason: "has no column address or email: its columns are "
                + found.prefix(12).map(SettingReader.quoted).joined(separator: ", "),
            hint:
                "write the names of the columns into the first row, and call the one with the addresses email"
        )
    }

    /// The line `sep=;` that Excel writes and reads.
    private func declaredSeparator() -> (separator: UInt8, next: Int)? {
        guard end - start > 5, bytes[start..<start + 4].elementsEqual("sep=".utf8), bytes[start + 4] >= 0x09,
            bytes[start + 4] < 0x80, bytes[start + 5] == 0x0D || bytes[start + 5] == 0x0A
        else { return nil }
        let isPair = bytes[start + 5] == 0x0D && end - start > 6 && bytes[start + 6] == 0x0A
        return (bytes[start + 4], start + (isPair ? 7 : 6))
    }

    private static func values(_ record: RecipientRecord) -> [String] {
        (0..<record.count).map { record.value($0) }
    }

    private static func trimmed(_ name: String) -> String {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}", "\n", "\r"]
        var scalars = name.unicodeScalars[...]
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    private static func withHeader(
        _ names: [String], _ format: CSVFormat, next: Int
    ) throws(RecordMistake) -> Result {
        var seen = Set<String>()
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw RecordMistake(
                reason: "names two columns \(SettingReader.quoted(name))",
                hint: "rename one of them; fields are found by their name")
        }
        let mail = names.indices.filter { mailNames.contains(simplified(names[$0])) }
        let plain = names.indices.filter { plainNames.contains(simplified(names[$0])) }
        let chosen = mail.isEmpty ? plain : mail
        guard chosen.count == 1 else {
            throw RecordMistake(
                reason: "has several columns that may hold the address: "
                    + chosen.map { "\"\(names[$0])\"" }.joined(separator: ", "),
                hint: "rename those that are not to be used")
        }
        var format = format
        format.columns = FieldNames(
            names, address: chosen[0],
            name: names.firstIndex(of: "name") ?? names.firstIndex { $0.lowercased() == "name" })
        var warnings: [Diagnostic] = []
        if !mail.isEmpty, let other = plain.first {
            warnings.append(
                Diagnostic(
                    message: "the column \"\(names[chosen[0]])\" is taken for the mail address, "
                        + "not \"\(names[other])\"",
                    hint: "rename the column \"\(names[other])\" to use it as a field"))
        }
        return Result(format: format, next: next, warnings: warnings)
    }

    private static func addressColumn(_ values: [String]) -> Int? {
        values.firstIndex { (try? Mailbox($0)) != nil }
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
