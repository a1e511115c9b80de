extension TimeZoneRules {
    /// Reads the bytes of a compiled time zone file (TZif, RFC 8536, versions 1 to 4).
    ///
    /// Of version 2 and later the 64-bit block is used, and its footer for the time after the last change.
    ///
    /// - Throws: ``Diagnostic`` if the bytes are no such file, are damaged, or count leap seconds.
    package init(tzif bytes: [UInt8]) throws(Diagnostic) {
        var reader = TimeZoneFileReader(bytes: bytes)
        var header = try reader.header()
        var wide = false
        if header.version >= UInt8(ascii: "2") {
            try reader.skip(header.blockSize(timeSize: 4))
            header = try reader.header()
            wide = true
        }
        let block = try reader.block(header, wide: wide)
        let footer = wide ? try reader.footer() : nil
        self.init(
            changes: block.changes, offsets: block.offsets, firstOffset: block.firstOffset, footer: footer)
    }
}

private struct TimeZoneFileReader {
    let bytes: [UInt8]
    var position = 0

    struct Header {
        let version: UInt8
        /// In the file's order: isut, isstd, leap, time, type, char.
        let counts: [Int]

        func blockSize(timeSize: Int) -> Int {
            counts[3] * (timeSize + 1) + counts[4] * 6 + counts[5]
                + counts[2] * (timeSize + 4) + counts[1] + counts[0]
        }
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func damaged(_ what: String) -> Diagnostic {
        Diagnostic("the time zone's file is damaged: \(what)", hint: "install the machine's tzdata again")
    }

    mutating func skip(_ count: Int) throws(Diagnostic) {
        guard bytes.count - position >= count else { throw damaged("it ends too early") }
        position += count
    }

    private mutating func take(_ count: Int) throws(Diagnostic) -> ArraySlice<UInt8> {
        let start = position
        try skip(count)
        return bytes[start..<position]
    }

    private mutating func integer(size: Int) throws(Diagnostic) -> Int64 {
        let digits = try take(size)
        var value: Int64 = (digits.first ?? 0) >= 0x80 ? -1 : 0
        for digit in digits { value = value << 8 | Int64(digit) }
        return value
    }

    mutating func header() throws(Diagnostic) -> Header {
        let isTimeZone =
            bytes.count >= position + 44 && Array(bytes[position..<position + 4]) == Array("TZif".utf8)
        guard isTimeZone else {
            throw Diagnostic(
                "this is not the file of a time zone", hint: "write an IANA name such as \"Europe/Stockholm\""
            )
        }
        let version = bytes[position + 4]
        try skip(20)
        var counts: [Int] = []
        for _ in 0..<6 {
            let count = try integer(size: 4)
            guard count >= 0, count <= bytes.count else { throw damaged("a count is beyond its size") }
            counts.append(Int(count))
        }
        guard counts[2] == 0 else {
            throw Diagnostic(
                "this time zone counts leap seconds, which the machine's clock does not",
                hint: "leave out \"right/\" from its name")
        }
        return Header(version: version, counts: counts)
    }

    mutating func block(
        _ header: Header, wide: Bool
    ) throws(Diagnostic) -> (changes: [Int64], offsets: [Int32], firstOffset: Int32) {
        let end = position + header.blockSize(timeSize: wide ? 8 : 4)
        var changes: [Int64] = []
        for _ in 0..<header.counts[3] {
            let change = try integer(size: wide ? 8 : 4)
            guard changes.last.map({ $0 < change }) ?? true else {
                throw damaged("its changes are out of order")
            }
            changes.append(change)
        }
        let types = Array(try take(header.counts[3]))
        var typeOffsets: [Int32] = []
        for _ in 0..<header.counts[4] {
            let offset = try integer(size: 4)
            guard offset > -90_000, offset < 93_600 else { throw damaged("an offset is beyond a day") }
            typeOffsets.append(Int32(offset))
            try skip(2)
        }
        guard let firstOffset = typeOffsets.first, types.allSatisfy({ $0 < typeOffsets.count }) else {
            throw damaged("a kind of local time is missing")
        }
        position = end
        guard end <= bytes.count else { throw damaged("it ends too early") }
        return (changes, types.map { typeOffsets[Int($0)] }, firstOffset)
    }

    /// The line after the 64-bit block; an empty one says that nothing is known.
    mutating func footer() throws(Diagnostic) -> RecurringZone? {
        let rest = bytes[position...]
        guard rest.first == UInt8(ascii: "\n"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\n"))
        else {
            throw damaged("its last line is missing")
        }
        let text = rest[rest.startIndex + 1..<end]
        guard !text.isEmpty else { return nil }
        guard let zone = RecurringZone(text) else { throw damaged("its last line is not understood") }
        return zone
    }
}
