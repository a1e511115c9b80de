/// A parameter of Content-Type or Content-Disposition; beyond plain ASCII as RFC 2231 has it.
enum MediaParameter {
    private static let longestPlain = 60
    private static let chunk = 60

    /// Whether a value can stand between quotation marks as it is.
    static func isPlain(_ value: String) -> Bool {
        value.utf8.count <= longestPlain
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    }

    /// Appends `;`, a fold, and the parameter, in numbered sections where it is long.
    static func append(_ name: String, _ value: String, to output: inout [UInt8]) {
        if isPlain(value) {
            output.append(contentsOf: ";\n \(name)=\"\(value)\"".utf8)
            return
        }
        let sections = encodedSections(Array(value.utf8))
        for (index, section) in sections.enumerated() {
            let number = sections.count > 1 ? "*\(index)" : ""
            output.append(contentsOf: ";\n \(name)\(number)*=\(index == 0 ? "UTF-8''" : "")".utf8)
            output.append(contentsOf: section)
        }
    }

    /// Appends a parameter whose value is a token, on the same line if there is room.
    static func append(_ name: String, token value: String, to output: inout [UInt8]) {
        let column = output.count - (output.lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? 0)
        let parameter = "\(name)=\(value)"
        let fits = column + 2 + parameter.utf8.count <= HeaderField.lineLimit
        output.append(contentsOf: "\(fits ? "; " : ";\n ")\(parameter)".utf8)
    }

    /// Appends a parameter in encoded words, which no standard has, and which readers that are older than RFC 2231
    /// understand alone.
    static func appendEncoded(_ name: String, _ value: String, to output: inout [UInt8]) {
        output.append(contentsOf: ";\n \(name)=\"".utf8)
        var column = name.utf8.count + 3
        EncodedWords.append(value.utf8.span, to: &output, column: &column)
        output.append(0x22)
    }

    private static func encodedSections(_ bytes: [UInt8]) -> [[UInt8]] {
        var sections: [[UInt8]] = [[]]
        for byte in bytes {
            // A character stays in one section: some readers decode each by itself.
            if sections[sections.count - 1].count > chunk - 12, byte < 0x80 || byte >= 0xC0 {
                sections.append([])
            }
            if ASCII.isUnreserved(byte), byte != 0x7E {
                sections[sections.count - 1].append(byte)
            } else {
                sections[sections.count - 1].appendEscaped(byte, mark: 0x25)
            }
        }
        return sections
    }
}
