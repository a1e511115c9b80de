/// Media types by file name extension.
package struct MediaTypes: Sendable {
    /// What is said of a file that nothing is known about.
    package static let unknown = "application/octet-stream"

    /// The table that is compiled in.
    package static let builtIn = MediaTypes(byExtension: common)

    private var byExtension: [String: String]

    private init(byExtension: [String: String]) {
        self.byExtension = byExtension
    }

    /// The compiled-in table with the additions of an `/etc/mime.types`, whose bytes the caller has read.
    ///
    /// What is compiled in wins, so that a common file has the same type on every machine.
    package init(mimeTypes bytes: [UInt8]) {
        var table: [String: String] = [:]
        for line in bytes.split(whereSeparator: { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }) {
            let words = line.prefix { $0 != 0x23 }.split(whereSeparator: ASCII.isBlank)
                .map { String(decoding: $0, as: UTF8.self) }
            guard let type = words.first, MediaTypes.isValid(type) else { continue }
            for word in words.dropFirst() where table[word.lowercased()] == nil {
                table[word.lowercased()] = type
            }
        }
        byExtension = table.merging(MediaTypes.common) { _, common in common }
    }

    /// The type of a file of this name, from the part after its last dot.
    package func type(ofFile name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: 0x2E) else { return MediaTypes.unknown }
        return byExtension[String(name[name.index(after: dot)...]).lowercased()] ?? MediaTypes.unknown
    }

    /// Whether a text is a type with optional parameters, as `text/csv; charset=utf-8` (RFC 2045, 5.1).
    static func isValid(_ type: String) -> Bool {
        var parts = type.split(separator: ";", omittingEmptySubsequences: false)
        let names = parts.removeFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy({ isToken($0.utf8[...]) }) else { return false }
        return parts.allSatisfy { parameter in
            let bytes = parameter.utf8.drop { $0 == ASCII.space }
            guard let equals = bytes.firstIndex(of: 0x3D), isToken(bytes[..<equals]) else { return false }
            let value = bytes[bytes.index(after: equals)...]
            return isToken(value) || isQuoted(value)
        }
    }

    private static func isToken(_ text: Substring.UTF8View) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains($0) }
    }

    private static func isQuoted(_ text: Substring.UTF8View) -> Bool {
        text.count >= 2 && text.first == 0x22 && text.last == 0x22
            && text.dropFirst().dropLast().allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    }

    private static let common: [String: String] = [
        "7z": "application/x-7z-compressed", "aac": "audio/aac", "apng": "image/apng", "asc": "text/plain",
        "avi": "video/x-msvideo", "avif": "image/avif", "bmp": "image/bmp", "bz2": "application/x-bzip2",
        "css": "text/css", "csv": "text/csv", "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "eml": "message/rfc822", "epub": "application/epub+zip", "flac": "audio/flac", "gif": "image/gif",
        "gz": "application/gzip", "heic": "image/heic", "heif": "image/heif", "htm": "text/html",
        "html": "text/html", "ico": "image/vnd.microsoft.icon", "ics": "text/calendar",
        "jpeg": "image/jpeg", "jpg": "image/jpeg", "js": "text/javascript", "json": "application/json",
        "log": "text/plain", "m4a": "audio/mp4", "m4v": "video/mp4", "md": "text/markdown",
        "mjs": "text/javascript", "mkv": "video/x-matroska", "mov": "video/quicktime", "mp3": "audio/mpeg",
        "mp4": "video/mp4", "mpeg": "video/mpeg", "mpg": "video/mpeg",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odt": "application/vnd.oasis.opendocument.text", "oga": "audio/ogg", "ogg": "audio/ogg",
        "ogv": "video/ogg", "opus": "audio/ogg", "otf": "font/otf", "pdf": "application/pdf",
        "png": "image/png", "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ps": "application/postscript", "rtf": "application/rtf", "svg": "image/svg+xml",
        "tar": "application/x-tar", "tgz": "application/gzip", "tif": "image/tiff", "tiff": "image/tiff",
        "tsv": "text/tab-separated-values", "ttf": "font/ttf", "txt": "text/plain", "vcf": "text/vcard",
        "wav": "audio/x-wav", "webm": "video/webm", "webp": "image/webp", "woff": "font/woff",
        "woff2": "font/woff2", "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xml": "application/xml", "xz": "application/x-xz", "yaml": "application/yaml",
        "yml": "application/yaml", "zip": "application/zip", "zst": "application/zstd",
    ]
}
