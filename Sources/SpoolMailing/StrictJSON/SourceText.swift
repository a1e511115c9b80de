/// Checks that bytes are UTF-8, and says in a person's words what they are if they are not.
enum SourceText {
    /// How many bytes the byte order mark takes that some programs put before UTF-8: 3 or 0.
    static func byteOrderMark(_ bytes: some Collection<UInt8>) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// What the beginning of a file tells about it if it is surely no UTF-8 text.
    static func foreignFormat(_ start: some Collection<UInt8>) -> SourceError? {
        // Without its mark UTF-16 shows by the NULs beside the ASCII letters.
        let isWide =
            start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
            || start.prefix(2).contains(0)
        if isWide {
            return SourceError(
                offset: 0, reason: "is UTF-16, not UTF-8",
                hint: "save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 OLD > NEW")
        }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return SourceError(
                offset: 0, reason: "is a spreadsheet or an archive, not text",
                hint: "save it as text: a list as \"CSV UTF-8\" from the spreadsheet program")
        }
        return nil
    }

    /// The first byte of `range` that is not part of valid UTF-8, `nil` if there is none.
    static func firstInvalidByte(_ bytes: [UInt8], in range: Range<Int>) -> Int? {
        do {
            _ = try UTF8Span(validating: bytes.span.extracting(range))
            return nil
        } catch {
            return range.lowerBound + error.byteOffsets.lowerBound
        }
    }

    /// What to say about an invalid byte.
    static func invalidByte(_ byte: UInt8, at offset: Int) -> SourceError {
        let hex = "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        return SourceError(
            offset: offset, reason: "is not UTF-8 (byte \(hex))",
            hint: "save it as UTF-8; Latin-1 or Windows-1252 is converted by: "
                + "iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW")
    }

    /// Checks a whole file and gives the number of bytes to leave out at its beginning.
    static func check(_ bytes: [UInt8]) throws(SourceError) -> Int {
        if let foreign = foreignFormat(bytes) { throw foreign }
        if let offset = firstInvalidByte(bytes, in: 0..<bytes.count) {
            throw invalidByte(bytes[offset], at: offset)
        }
        return byteOrderMark(bytes)
    }

    /// The line on which a byte stands, from 1.
    static func line(of offset: Int, in bytes: [UInt8]) -> Int {
        var line = 1
        for byte in bytes[..<min(offset, bytes.count)] where byte == 0x0A { line += 1 }
        return line
    }

    /// The column at which a byte stands, from 1, in characters as an editor counts them.
    static func column(of offset: Int, in bytes: [UInt8]) -> Int {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? byteOrderMark(bytes.prefix(3))
        return before[min(lineStart, before.endIndex)...].reduce(into: 1) { column, byte in
            if byte & 0xC0 != 0x80 { column += 1 }
        }
    }
}
