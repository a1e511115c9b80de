/// A parameter of Content-Type or Content-Disposition; beyond plain ASCII as RFC 2231 has it.
enum MediaParameter {
    private static let longestQuoted = 60
    private static let chunk = 60

    /// Appends `;`, a fold, and the parameter, in numbered sections where it is long.
    static func append(_ name: String, _ value: String, to output: inout [UInt8]) {
        let bytes = Array(value.utf8)
        let plain = bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
        if plain, bytes.count <= longestQuoted {
            output.append(contentsOf: ";\n \(name)=\"".utf8)
            output.append(contentsOf: bytes)
            output.append(0x22)
            return
        }
        let sections = encodedSections(bytes)
        for (index, section) in sections.enumerated() {
            let number = sections.count > 1 ? "*\(index)" : ""
            output.append(contentsOf: ";\n \(name)\(number)*=\(index == 0 ? "UTF-8''" : "")".utf8)
            output.append(contentsOf: section)
        }
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
