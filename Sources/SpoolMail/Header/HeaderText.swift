/// Makes a text fit to stand in a header field, whatever bytes it holds.
enum HeaderText {
    /// Replaces each run of control characters and line breaks by one blank, and trims blanks at both ends.
    ///
    /// Besides CR and LF these are NUL, the other C0 and C1 controls, DEL and Unicode's line and paragraph
    /// separators, at which some readers break lines once the text is decoded.
    static func makeOneLine(_ bytes: inout [UInt8]) {
        if bytes.contains(where: { ASCII.isControl($0) || $0 == 0xC2 || $0 == 0xE2 }) {
            replaceControls(&bytes)
        }
        while bytes.last == ASCII.space { bytes.removeLast() }
        if bytes.first == ASCII.space {
            bytes.removeFirst(bytes.firstIndex { $0 != ASCII.space } ?? bytes.count)
        }
    }

    private static func replaceControls(_ bytes: inout [UInt8]) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        var inRun = false
        while index < bytes.count {
            let length = controlLength(bytes, at: index)
            if length == 0 {
                result.append(bytes[index])
                index += 1
            } else {
                if !inRun { result.append(ASCII.space) }
                index += length
            }
            inRun = length > 0
        }
        bytes = result
    }

    /// The number of bytes of the control character that begins here, or 0.
    private static func controlLength(_ bytes: [UInt8], at index: Int) -> Int {
        if ASCII.isControl(bytes[index]) { return 1 }
        if bytes[index] == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return 2 }
        if bytes[index] == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80,
            bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9
        {
            return 3
        }
        return 0
    }
}
