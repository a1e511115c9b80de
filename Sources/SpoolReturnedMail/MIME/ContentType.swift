internal import SpoolMail

/// The value of Content-Type (RFC 2045, 5.1), as forgiving as the mail programs that write it are careless.
enum ContentType {
    /// `text/plain` where there is none; the parameters by their names in lower case.
    static func read(_ value: [UInt8]) -> (type: String, parameters: [String: String]) {
        let pieces = split(value)
        let type = String(
            decoding: Lines.trimmed((pieces.first ?? [])[...]).map(ASCII.lowercased), as: UTF8.self)
        var parameters: [String: String] = [:]
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: 0x3D) else { continue }
            let name = String(decoding: Lines.trimmed(piece[..<equals]).map(ASCII.lowercased), as: UTF8.self)
            let text = String(decoding: Lines.trimmed(piece[(equals + 1)...]), as: UTF8.self)
            if parameters[name] == nil { parameters[name] = text }
        }
        return (type.contains("/") ? type : "text/plain", parameters)
    }

    /// The pieces between semicolons outside quotation marks, these taken off.
    private static func split(_ value: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = [[]]
        var isQuoted = false
        var isEscaped = false
        for byte in value {
            switch byte {
            case 0x5C where isQuoted && !isEscaped: isEscaped = true
            case 0x22 where !isEscaped: isQuoted.toggle()
            case 0x3B where !isQuoted: pieces.append([])
            default:
                pieces[pieces.count - 1].append(byte)
                isEscaped = false
            }
        }
        return pieces
    }
}
