internal import SpoolMail

/// Text of any charset as UTF-8, as far as the rules need it: what is in none of these is read as Windows-1252.
enum Charset {
    /// `declared` is what the message says, which may be wrong; bytes that are good UTF-8 are taken for it.
    static func utf8(_ bytes: [UInt8], declared: String?) -> [UInt8] {
        if hasEscape(bytes) { return JapaneseText.iso2022(bytes) }
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
        switch declared?.lowercased() {
        case "iso-2022-jp", "iso-2022-jp-ms", "euc-jp", "x-euc-jp":
            return isUTF8(bytes) ? bytes : JapaneseText.iso2022(bytes)
        case "shift_jis", "shift-jis", "sjis", "x-sjis", "cp932", "windows-31j":
            return isUTF8(bytes) ? bytes : JapaneseText.shiftJIS(bytes)
        default:
            return isUTF8(bytes) ? bytes : windows1252(bytes)
        }
    }

    /// `ESC $`, with which ISO-2022-JP goes over to Japanese.
    private static func hasEscape(_ bytes: [UInt8]) -> Bool {
        guard var index = bytes.firstIndex(of: 0x1B) else { return false }
        while index + 1 < bytes.count {
            if bytes[index] == 0x1B, bytes[index + 1] == 0x24 { return true }
            index += 1
        }
        return false
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
            } else {
                result.append(contentsOf: String(Windows1252.scalar(byte)).utf8)
            }
        }
        return result
    }
}
