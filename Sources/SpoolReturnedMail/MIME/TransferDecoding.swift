internal import SpoolMail

/// The transfer encodings of RFC 2045, undone; what is not of the encoding is passed over or kept.
enum TransferDecoding {
    static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            guard let value = base64Value(byte) else {
                // Padding ends a run; several may follow one another.
                if byte == 0x3D { (bits, count) = (0, 0) }
                continue
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return result
    }

    private static func base64Value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) - 0x41
        case 0x61...0x7A: UInt32(byte) - 0x47
        case 0x30...0x39: UInt32(byte) + 4
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }

    /// `inWord` reads `_` as a blank (RFC 2047, 4.2).
    static func quotedPrintable(_ bytes: ArraySlice<UInt8>, inWord: Bool = false) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == 0x5F, inWord {
                result.append(ASCII.space)
            } else if byte != 0x3D {
                result.append(byte)
            } else if let afterBreak = softBreak(bytes[index...]) {
                index = afterBreak
            } else if index + 1 < bytes.endIndex, let high = ASCII.hexValue(bytes[index]),
                let low = ASCII.hexValue(bytes[index + 1])
            {
                result.append(high << 4 | low)
                index += 2
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// Behind a line end that blanks may precede.
    private static func softBreak(_ rest: ArraySlice<UInt8>) -> Int? {
        guard let index = rest.prefix(8).firstIndex(where: { $0 != ASCII.space && $0 != ASCII.tab }) else {
            return rest.isEmpty ? rest.endIndex : nil
        }
        if rest[index] == ASCII.lineFeed { return index + 1 }
        guard rest[index] == ASCII.carriageReturn else { return nil }
        return index + 1 < rest.endIndex && rest[index + 1] == ASCII.lineFeed ? index + 2 : index + 1
    }
}
