/// A small reader of messages, written from the RFCs and sharing nothing with the writer.
struct MessageReader {
    struct Part {
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []
        var parts: [Part] = []

        func field(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        var contentType: String {
            String((field("Content-Type") ?? "text/plain").prefix { $0 != ";" }).lowercased()
        }

        /// All parts without parts of their own, in order.
        var leaves: [Part] { parts.isEmpty ? [self] : parts.flatMap(\.leaves) }

        var decodedBody: [UInt8] {
            switch field("Content-Transfer-Encoding") ?? "7bit" {
            case "base64": MessageReader.base64(body)
            case "quoted-printable": MessageReader.quotedPrintable(body)
            default: body
            }
        }

        var text: String { String(decoding: decodedBody, as: UTF8.self) }

        /// The name of a file: the plain parameter, or RFC 2231's, in sections or not.
        var filename: String? {
            let disposition = field("Content-Disposition") ?? ""
            if let match = disposition.firstMatch(of: /filename="([^"]*)"/) { return String(match.1) }
            let sections = disposition.matches(of: /filename\*(?:\d+\*)?=(?:UTF-8'')?([^;\s]*)/).map(\.1)
            return sections.isEmpty ? nil : MessageReader.percentDecoded(sections.joined())
        }
    }

    static func read(_ bytes: [UInt8]) -> Part {
        var part = Part()
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst(), !line.isEmpty {
            if line.first == 0x20 || line.first == 0x09 {
                guard !part.fields.isEmpty else { continue }
                part.fields[part.fields.count - 1].value += String(decoding: line, as: UTF8.self)
            } else {
                let text = String(decoding: line, as: UTF8.self)
                let name = text.prefix { $0 != ":" }
                let value = text.dropFirst(name.count + 1)
                part.fields.append((String(name), String(value)))
            }
        }
        for index in part.fields.indices {
            part.fields[index].value = String(part.fields[index].value.drop { $0 == " " })
        }
        part.body = Array(lines.joined(separator: [0x0A]))
        if part.contentType.hasPrefix("multipart/"),
            let match = part.field("Content-Type")?.firstMatch(of: /boundary="([^"]+)"/)
        {
            part.parts = split(lines, boundary: Array("--\(match.1)".utf8))
        }
        return part
    }

    private static func split(_ lines: ArraySlice<ArraySlice<UInt8>>, boundary: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var current: [ArraySlice<UInt8>]?
        for line in lines {
            guard line.starts(with: boundary) else {
                current?.append(line)
                continue
            }
            if let current { parts.append(read(Array(current.joined(separator: [0x0A])))) }
            current = line.count == boundary.count ? [] : nil
            if line.count == boundary.count + 2 { return parts }
        }
        return []
    }

    /// RFC 2047: decodes the words and drops the blanks between neighbouring ones.
    static func decodedText(_ value: String) -> String {
        var result: [UInt8] = []
        var rest = value[...]
        var previousWasWord = false
        while let match = rest.firstMatch(of: /=\?UTF-8\?([QB])\?([^?]*)\?=/) {
            let between = rest[..<match.range.lowerBound]
            if !previousWasWord || !between.allSatisfy({ $0 == " " }) { result += Array(between.utf8) }
            let payload = Array(match.2.utf8)
            if match.1 == "B" {
                result += base64(payload)
            } else {
                result += quotedPrintable(payload.map { $0 == 0x5F ? 0x20 : $0 })
            }
            previousWasWord = true
            rest = rest[match.range.upperBound...]
        }
        return String(decoding: result + Array(rest.utf8), as: UTF8.self)
    }

    /// The display name of a field with one mailbox that has one: a quoted string, atoms or encoded words.
    static func displayName(_ value: String) -> String {
        guard let bracket = value.lastIndex(of: "<") else { return "" }
        let name = value[..<bracket].reversed().drop { $0 == " " }.reversed()
        guard name.first == "\"" else { return decodedText(String(name)) }
        return String(name.dropFirst().dropLast()).replacing(/\\(.)/) { $0.1 }
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in bytes {
            guard let value = alphabet.firstIndex(of: byte) else { continue }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> count))
                bits &= (1 << count) - 1
            }
        }
        return result
    }

    static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte != 0x3D {
                result.append(byte)
            } else if rest.first == 0x0A {
                rest.removeFirst()
            } else if let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                result.append(value)
                rest = rest.dropFirst(2)
            }
        }
        return result
    }

    private static func percentDecoded(_ text: String) -> String {
        String(decoding: quotedPrintable(text.utf8.map { $0 == 0x25 ? 0x3D : $0 }), as: UTF8.self)
    }
}
