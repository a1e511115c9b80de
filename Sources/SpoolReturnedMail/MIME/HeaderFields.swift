internal import SpoolMail

/// The header of a message or a part, as far as one can be made out: folded or not, in any byte, with a blank before the
/// colon, without an empty line behind it.
struct HeaderFields {
    struct Field {
        /// In lower case.
        let name: String
        /// Unfolded, as it stands there.
        fileprivate(set) var value: [UInt8]
    }

    /// Nobody's header is longer, and a hostile one costs no more.
    static let limit = 2000

    private(set) var all: [Field] = []

    /// Reads the fields and gives back what follows them. A line that can be no field ends them; empty lines before the
    /// first are passed over in a message, while in a part they say that it has no header.
    static func read(_ source: ArraySlice<UInt8>, ofMessage: Bool) -> (HeaderFields, body: ArraySlice<UInt8>)
    {
        var fields = HeaderFields()
        var lines = Lines(source)
        while let line = lines.next() {
            let isFirst = fields.all.isEmpty
            if line.allSatisfy(ASCII.isBlank) {
                if isFirst, ofMessage, lines.count <= 3 { continue }
                return (fields, lines.rest)
            }
            if ASCII.isBlank(line[line.startIndex]), !isFirst {
                fields.fold(line)
            } else if let colon = fieldName(line) {
                if fields.all.count == limit { return (fields, lines.rest) }
                fields.append(name: line[..<colon], value: line[(colon + 1)...])
            } else if !(isFirst && isMailboxLine(line)) {
                return (fields, source[line.startIndex...])
            }
        }
        return (fields, lines.rest)
    }

    /// The first field of that name (in lower case), its encoded words decoded.
    func text(_ name: String) -> String? {
        all.first { $0.name == name }.map { HeaderDecoding.text($0.value) }
    }

    /// All fields of that name, as they stand there.
    func values(_ name: String) -> [[UInt8]] {
        all.lazy.filter { $0.name == name }.map(\.value)
    }

    private mutating func append(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        let name = String(decoding: Lines.trimmed(name).map(ASCII.lowercased), as: UTF8.self)
        all.append(Field(name: name, value: Array(Lines.trimmed(value))))
    }

    private mutating func fold(_ line: ArraySlice<UInt8>) {
        all[all.count - 1].value.append(ASCII.space)
        all[all.count - 1].value.append(contentsOf: Lines.trimmed(line))
    }

    /// Where the colon stands behind what may be a field's name.
    private static func fieldName(_ line: ArraySlice<UInt8>) -> Int? {
        var index = line.startIndex
        while index < line.endIndex, line[index] > ASCII.space, line[index] < 0x7F, line[index] != 0x3A {
            index += 1
        }
        guard index > line.startIndex, index - line.startIndex <= 80 else { return nil }
        while index < line.endIndex, ASCII.isBlank(line[index]) { index += 1 }
        return index < line.endIndex && line[index] == 0x3A ? index : nil
    }

    /// The line before the header in a file of the form mbox.
    private static func isMailboxLine(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "From ".utf8) || line.starts(with: ">From ".utf8)
    }
}
