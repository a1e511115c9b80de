/// A place where a text stops being what it should be, JSON or UTF-8, and why.
struct SourceError: Error, Equatable {
    /// The byte at which it was noticed.
    var offset: Int
    var reason: String
    var hint: String
    /// It is sound as far as it was read, and there is too much of it.
    var isLimit = false
}

/// The mistakes in the words for what people write instead of JSON.
extension JSONScanner {
    /// What is wrong where a value should begin.
    func missingValue() -> SourceError {
        unexpected(expecting: "a value")
    }

    /// What is wrong where `expecting` should stand, in the words for the slips that people make.
    func unexpected(expecting: String) -> SourceError {
        guard let current else {
            return SourceError(
                offset: position, reason: "the text ends where \(expecting) should stand",
                hint: "complete it; was it only half copied?")
        }
        func mistake(_ reason: String, _ hint: String) -> SourceError {
            SourceError(offset: position, reason: reason, hint: hint)
        }
        switch current {
        case UInt8(ascii: "'"):
            return mistake(
                "a single quote stands where \(expecting) should", "JSON knows only double quotes: \"…\"")
        case UInt8(ascii: "/"):
            return mistake(
                "a comment stands where \(expecting) should",
                "JSON has no comments; use a key such as \"x-note\"")
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            return mistake(
                "\(quoted(current)) stands where \(expecting) should",
                "remove the comma before it, or complete what is missing")
        case UInt8(ascii: ","):
            return mistake(
                "a comma stands where \(expecting) should", "remove it, or complete what is missing")
        case 0xE2
        where position + 2 < end && bytes[position + 1] == 0x80 && (0x98...0x9F).contains(bytes[position + 2]):
            return mistake(
                "a curly quote stands where \(expecting) should",
                "replace it with the straight one, \"; write documents with a text editor, not a word processor"
            )
        case 0xC2 where position + 1 < end && bytes[position + 1] == 0xA0:
            return mistake(
                "a no-break space stands where \(expecting) should", "replace it with an ordinary space")
        case 0x00..<0x20:
            return mistake(
                "a control character stands where \(expecting) should",
                "remove it, and save the document as text")
        default:
            return bareWord(expecting: expecting)
        }
    }

    private func bareWord(expecting: String) -> SourceError {
        var after = position
        while after < end, Self.isWordByte(bytes[after]), after - position < 30 { after += 1 }
        if after == position {
            let scalar = String(decoding: bytes[position..<min(position + 4, end)], as: UTF8.self).first
            return SourceError(
                offset: position,
                reason: "\"\(scalar.map(String.init) ?? "?")\" stands where \(expecting) should",
                hint: "texts are written in double quotes: \"…\"")
        }
        let word = String(decoding: bytes[position..<after], as: UTF8.self)
        let literal = word.lowercased()
        let hint =
            switch literal {
            case "true", "false", "null": "write \(literal) in small letters"
            case "none", "nil", "undefined", "nan", "infinity": "leave the key out"
            default: "texts and keys are written in double quotes: \"\(word)\""
            }
        return SourceError(offset: position, reason: "\(word) stands where \(expecting) should", hint: hint)
    }

    func controlCharacter(_ byte: UInt8, at offset: Int) -> SourceError {
        switch byte {
        case 0x0A, 0x0D:
            SourceError(
                offset: offset, reason: "a string may not contain a line break",
                hint:
                    "write \\n for a line break, or close the string with a \"; long texts can go into a textFile"
            )
        case 0x09:
            SourceError(offset: offset, reason: "a string may not contain a tab", hint: "write \\t")
        default:
            SourceError(
                offset: offset, reason: "a string contains a control character (\(byte))", hint: "remove it")
        }
    }

    func malformedNumber(at offset: Int) -> SourceError {
        SourceError(
            offset: offset, reason: "a number is malformed",
            hint: "write it like 42, -1 or 2.5, or put quotes around it if it is text")
    }

    private func quoted(_ byte: UInt8) -> String {
        "\"\(String(Unicode.Scalar(byte)))\""
    }
}
