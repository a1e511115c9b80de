/// A line of mailboxes, separated by commas, semicolons or blanks.
enum MailboxLine {
    /// The first mailbox of a line that begins with no blank, and where the next one begins; `nil` if there is none.
    ///
    /// What holds no further `@` belongs to the mailbox before it, so that nothing is taken for one that cannot be.
    static func first(of line: ArraySlice<UInt8>) -> (mailbox: ArraySlice<UInt8>, next: Int?) {
        var hasAt = false
        var index = line.startIndex
        if line.first == UInt8(ascii: "\"") { index = afterQuoted(line) }
        while index < line.endIndex {
            switch line[index] {
            case UInt8(ascii: "@"):
                hasAt = true
            case UInt8(ascii: "<"):
                let end = line[index...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? line.endIndex
                return split(line, at: end)
            case UInt8(ascii: ","), UInt8(ascii: ";"):
                // One in a name stands before its address.
                if hasAt { return split(line, at: index) }
            case 0x20, 0x09:
                let next = line[index...].first { $0 != 0x20 && $0 != 0x09 }
                // An address before a bracket is the name of its owner.
                if hasAt, next != UInt8(ascii: "<") {
                    let mailbox = split(line, at: index)
                    if mailbox.next != nil { return mailbox }
                }
            default:
                break
            }
            index += 1
        }
        return (line, nil)
    }

    private static func split(
        _ line: ArraySlice<UInt8>, at end: Int
    ) -> (mailbox: ArraySlice<UInt8>, next: Int?) {
        let rest = line[end...].drop { isSeparator($0) }
        if rest.isEmpty { return (line[..<end], nil) }
        return rest.contains(UInt8(ascii: "@")) ? (line[..<end], rest.startIndex) : (line, nil)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x20 || byte == 0x09
    }

    /// The position behind a quoted name; the start of the line if it is not closed.
    private static func afterQuoted(_ line: ArraySlice<UInt8>) -> Int {
        var index = line.startIndex + 1
        while index < line.endIndex {
            if line[index] == UInt8(ascii: "\"") { return index + 1 }
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return line.startIndex
    }
}
