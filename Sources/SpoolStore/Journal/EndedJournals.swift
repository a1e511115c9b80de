package import SpoolSystem

/// What the ends of the journals of ended mailings say, as far as an earlier tick has read them, in `journal/ended`:
/// thousands may lie there for good, and one that is as it was then need not be opened.
///
/// It can be thrown away at any time.
package struct EndedJournals: Sendable {
    /// What the file was, and the lines that say how its mailing has ended, each with its line feed.
    private struct Record {
        let stamp: FileStamp
        let lines: ArraySlice<UInt8>
    }

    private var records: [FileName: Record] = [:]
    /// How many of them have come since the file was written.
    private var newRecords = 0

    /// The file's name in `journal/`.
    package static let name = FileName("ended")
    /// The file is written when of so many records one is new: not anew for each of thousands.
    private static let share = 32
    /// A name has no slash, and no line is empty.
    private static let (nameEnd, lineEnd) = (UInt8(ascii: "/"), UInt8(ascii: "\n"))

    /// What the file holds; nothing where there is none.
    init(in journal: Directory) throws(SystemError) {
        do throws(SystemError) {
            self.init(try journal.open(EndedJournals.name).contents(limit: 1 << 28))
        } catch  where error.isMissing {
            self.init([])
        }
    }

    /// Takes the bytes of the file apart; what is damaged says nothing.
    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let nameEnd = rest.firstIndex(of: EndedJournals.nameEnd),
            let stampEnd = rest[nameEnd...].firstIndex(of: EndedJournals.lineEnd)
        {
            var end = stampEnd + 1
            while let lineEnd = rest[end...].firstIndex(of: EndedJournals.lineEnd), lineEnd > end {
                end = lineEnd + 1
            }
            let stamp = String(decoding: rest[(nameEnd + 1)..<stampEnd], as: UTF8.self)
            records[FileName(bytes: Array(rest[..<nameEnd]))] = Record(
                stamp: FileStamp(text: stamp), lines: rest[(stampEnd + 1)..<end])
            rest = rest[min(end + 1, rest.endIndex)...]
        }
    }

    /// Whether anything is known of a journal.
    func has(_ name: FileName) -> Bool { records[name] != nil }

    /// How the mailing of a journal stands; nil if the file is another than it was, or was not seen.
    func history(of name: FileName, _ stamp: FileStamp) -> MailingHistory? {
        guard let record = records[name], record.stamp == stamp else { return nil }
        return record.lines.withUnsafeBytes { bytes in
            var history = MailingHistory()
            var start = 0
            while let end = bytes[start...].firstIndex(of: EndedJournals.lineEnd) {
                guard let line = JournalLine(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else {
                    return nil
                }
                history.apply(line)
                start = end + 1
            }
            return history.mailing.isEmpty || history.isOpen ? nil : history
        }
    }

    /// Notes how a mailing stands by its journal, if it has ended: what is written then is on the disk.
    mutating func note(_ history: MailingHistory, of name: FileName, _ stamp: FileStamp) {
        guard let time = history.closedAt else { return }
        var lines: [UInt8] = []
        if let title = history.title { JournalLine.write(.about(title), at: time, to: &lines) }
        JournalLine.write(.counts(history), at: time, to: &lines)
        records[name] = Record(stamp: stamp, lines: lines[...])
        newRecords += 1
    }

    /// Forgets the journals that are not there any more.
    mutating func keep(only isThere: (FileName) -> Bool) {
        if !records.keys.allSatisfy(isThere) { records = records.filter { isThere($0.key) } }
    }

    /// Whether it is time to write the file.
    package var isToBeWritten: Bool { newRecords > 0 && newRecords * EndedJournals.share >= records.count }

    /// The file.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for (name, record) in records {
            bytes += name.bytes + [EndedJournals.nameEnd] + Array(record.stamp.text.utf8)
            bytes.append(EndedJournals.lineEnd)
            bytes += record.lines
            bytes.append(EndedJournals.lineEnd)
        }
        return bytes
    }
}
