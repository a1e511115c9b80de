extension String {
    /// As one word for a shell, safe to be shown and copied: nothing in it breaks a line, is invisible, or turns the
    /// direction of what stands beside it.
    package var shellQuoted: String { shellQuoted(isASCII: false) }

    /// The same, and with `isASCII` without any character that a terminal without UTF-8 cannot show.
    package func shellQuoted(isASCII: Bool) -> String {
        func mustBePrinted(_ scalar: Unicode.Scalar) -> Bool {
            Self.cannotBeCopied(scalar) || (isASCII && !scalar.isASCII)
        }
        if unicodeScalars.contains(where: mustBePrinted) { return printed(mustBePrinted) }
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
                default: "_./@%+=:,-".utf8.contains(byte)
                }
            }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }

    /// As one word behind the options of a command, which it would be taken for one of them if it begins with a hyphen.
    package var shellOperand: String { hasPrefix("-") ? "-- \(shellQuoted)" : shellQuoted }

    /// The bytes as octal numbers where they cannot stand for themselves, by printf(1), which every shell has; but a
    /// shell drops line feeds at the end of what a command prints.
    private func printed(_ mustBePrinted: (Unicode.Scalar) -> Bool) -> String {
        let isPrinted = !hasSuffix("\n")
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "'": text += isPrinted ? "'\\''" : "\\'"
            case "\\": text += "\\\\"
            case "%" where isPrinted: text += "%%"
            case _ where mustBePrinted(scalar):
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 8)
                    text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return isPrinted ? "\"$(printf -- '\(text)')\"" : "$'\(text)'"
    }

    private static func cannotBeCopied(_ scalar: Unicode.Scalar) -> Bool {
        PlainText.breaksLine(scalar) || scalar.properties.generalCategory == .format
    }
}
