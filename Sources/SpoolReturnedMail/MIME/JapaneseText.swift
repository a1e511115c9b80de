/// Japanese mail, decoded as far as the rules need it: kana and Latin letters by their numbers, and of the 6355 ideographs
/// those that stand in a rule. Any other is `〓`, as printers used to set what they had no type for.
enum JapaneseText {
    /// ISO-2022-JP (RFC 1468): an escape sequence says which set the bytes behind it are of. Bytes with the high bit set
    /// are EUC-JP, which some gateways mix in.
    static func iso2022(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isDouble = false
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x1B, let (set, length) = escape(bytes[index...]) {
                isDouble = set
                index += length
            } else if let pair = pair(bytes, at: index, isDouble: isDouble) {
                append(pair, to: &result)
                index += 2
            } else {
                // A line begins in ASCII, also where the escape sequence got lost.
                if bytes[index] == 0x0A { isDouble = false }
                result.append(bytes[index] < 0x80 ? bytes[index] : 0x3F)
                index += 1
            }
        }
        return result
    }

    /// Shift_JIS: the same characters, moved to where one byte is ASCII or half a kana.
    static func shiftJIS(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            let isLead = 0x81...0x9F ~= lead || 0xE0...0xEF ~= lead
            if isLead, index + 1 < bytes.count, bytes[index + 1] >= 0x40 {
                let trail = bytes[index + 1]
                let row = (lead < 0xE0 ? lead - 0x81 : lead - 0xC1) * 2 + (trail > 0x9E ? 0x22 : 0x21)
                let cell = trail > 0x9E ? trail - 0x7E : trail - (trail > 0x7F ? 0x20 : 0x1F)
                append(UInt16(row) << 8 | UInt16(cell), to: &result)
                index += 2
            } else {
                result.append(lead < 0x80 ? lead : 0x3F)
                index += 1
            }
        }
        return result
    }

    /// Whether the set has two bytes a character, and how long the sequence is.
    private static func escape(_ rest: ArraySlice<UInt8>) -> (isDouble: Bool, length: Int)? {
        switch Array(rest.dropFirst().prefix(2)) {
        case [0x24, 0x40], [0x24, 0x42]: (true, 3)
        case [0x24, 0x28]: (true, 4)
        case [0x28, 0x42], [0x28, 0x4A], [0x28, 0x49]: (false, 3)
        default: nil
        }
    }

    private static func pair(_ bytes: [UInt8], at index: Int, isDouble: Bool) -> UInt16? {
        guard index + 1 < bytes.count else { return nil }
        let (one, two) = (bytes[index], bytes[index + 1])
        if one >= 0xA1, two >= 0xA1 { return UInt16(one & 0x7F) << 8 | UInt16(two & 0x7F) }
        guard isDouble, 0x21...0x7E ~= one, 0x21...0x7E ~= two else { return nil }
        return UInt16(one) << 8 | UInt16(two)
    }

    private static func append(_ code: UInt16, to result: inout [UInt8]) {
        result.append(contentsOf: String(scalar(code)).utf8)
    }

    /// The character of a place in JIS X 0208: rows 3 to 5 are Latin, hiragana and katakana in Unicode's own order.
    private static func scalar(_ code: UInt16) -> Unicode.Scalar {
        let cell = UInt32(code & 0xFF)
        let number: UInt32? =
            switch code >> 8 {
            case 0x23: cell
            case 0x24: 0x3041 + cell - 0x21
            case 0x25: 0x30A1 + cell - 0x21
            default: others[code]?.value
            }
        return number.flatMap(Unicode.Scalar.init) ?? "〓"
    }

    /// Marks of the first row, and the ideographs of the rules, each behind its place.
    private static let others: [UInt16: Unicode.Scalar] = {
        let words = """
            2122 、 2123 。 2124 , 2125 . 2127 : 2129 ? 212A ! 213C ー 213F / 2156 「 2157 」 215D - 2177 @ \
            3038 宛 304A 以 306C 一 3164 延 317E 応 323C 下 324B 暇 3261 過 333A 該 3456 間 352D 記 \
            3559 休 3571 拒 3759 警 382B 見 3842 限 387A 効 3970 告 3A46 再 3A5C 載 3A5F 在 3B5F 止 \
            3B76 事 3B7E 時 3C21 次 3C2B 自 3C3A 失 3C54 者 3C68 取 3C75 受 3F2E 信 4029 制 4035 正 \
            4068 先 4177 送 4238 存 4267 大 4323 達 4359 遅 4366 中 4436 超 4464 停 452A 的 4550 登 \
            4576 当 457A 答 4630 動 464F 届 473D 能 4754 敗 4755 杯 475B 配 485D 否 4954 不 4A56 返 \
            4B7E 満 4C35 無 4C40 明 4C42 迷 4D33 由 4D46 容 4D51 用 4D78 利 4E4C 量 4F3F 録 4F47 惑
            """.split(separator: " ")
        var table: [UInt16: Unicode.Scalar] = [0x2121: " ", 0x214A: "(", 0x214B: ")"]
        for pair in stride(from: 0, to: words.count - 1, by: 2) {
            if let place = UInt16(words[pair], radix: 16) {
                table[place] = words[pair + 1].unicodeScalars.first
            }
        }
        return table
    }()
}
