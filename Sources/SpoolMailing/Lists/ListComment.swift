/// Comments in lists that have a mailbox a line.
enum ListComment {
    /// The line up to a comment: a `#` with a blank before it, behind the address. One without a blank belongs to
    /// the address, and one before a `<` to the name.
    static func cut(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.contains(UInt8(ascii: "#")) else { return line }
        let bracket = line.firstIndex(of: UInt8(ascii: ">")) ?? line.startIndex
        return line[..<cutAtFirst(line[bracket...]).endIndex]
    }

    /// The line up to the first `#` with a blank before it.
    static func cutAtFirst(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var index = line.startIndex
        while index + 1 < line.endIndex {
            let isBlank = line[index] == 0x20 || line[index] == 0x09
            if isBlank, line[index + 1] == UInt8(ascii: "#") { return line[..<index] }
            index += 1
        }
        return line
    }
}
