/// A file that goes with every message; its encoded bytes are the caller's to copy in.
package struct AttachedFile: Hashable, Sendable {
    /// The file name that the reader sees.
    package let name: String
    /// The media type.
    package let type: String
    /// For a picture in the HTML: what stands behind `cid:` there.
    package let contentID: String?

    /// Describes a file; a part of a path before the name's last slash is left out.
    package init(name: String, type: String, contentID: String? = nil) {
        let lastSlash = name.utf8.lastIndex(of: 0x2F)
        self.name = lastSlash.map { String(name[name.utf8.index(after: $0)...]) } ?? name
        // RFC 2046, 5.2.1: a message part must not be base64, and the files here always are.
        let lowercased = type.lowercased()
        let isComposite = lowercased.hasPrefix("message/") || lowercased.hasPrefix("multipart/")
        self.type = isComposite ? MediaTypes.unknown : type
        self.contentID = contentID
    }

    /// The part's header section with the empty line after it.
    var header: [UInt8] {
        var bytes: [UInt8] = []
        // Office documents have types that are just too long for a line.
        let start = "Content-Type:"
        let isLong = start.utf8.count + 1 + type.utf8.count > HeaderField.lineLimit
        bytes.append(contentsOf: "\(start)\(isLong ? "\n" : "") \(type)\n".utf8)
        HeaderField.appendPlain("Content-Transfer-Encoding", TransferEncoding.base64.rawValue, to: &bytes)
        bytes.append(contentsOf: "Content-Disposition: \(contentID == nil ? "attachment" : "inline")".utf8)
        var line = Array(name.utf8)
        HeaderText.makeOneLine(&line)
        if !line.isEmpty {
            MediaParameter.append("filename", String(decoding: line, as: UTF8.self), to: &bytes)
        }
        bytes.append(ASCII.lineFeed)
        if let contentID { HeaderField.appendPlain("Content-ID", "<\(contentID)>", to: &bytes) }
        bytes.append(ASCII.lineFeed)
        return bytes
    }

    func check() throws(MessageDesignError) {
        guard MediaTypes.isValid(type), type.utf8.count <= 200 else {
            throw .attachmentType(name: name, type: type)
        }
        // A longer file name exists on no file system, and 2,000 bytes of it pass through every reader.
        guard name.utf8.count <= 2000 else { throw .attachmentName(name) }
        guard let contentID else { return }
        let allowed = contentID.utf8.allSatisfy { $0 == 0x40 || $0 == 0x2E || ASCII.isAtext($0) }
        guard allowed, !contentID.isEmpty, contentID.utf8.count <= 200 else { throw .contentID(contentID) }
    }
}
