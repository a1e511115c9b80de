/// A file that goes with every message; its encoded bytes are the caller's to copy in.
package struct AttachedFile: Hashable, Sendable {
    /// The file name that the reader sees.
    package let name: String
    /// The media type, without what the content adds to it.
    package let type: String
    /// For a picture in the HTML: what stands behind `cid:` there.
    package let contentID: String?
    private let content: FileText?

    /// Describes a file; a part of a path before the name's last slash is left out.
    ///
    /// - Parameter content: what its content says, where its type makes it text; without it, it travels in base64.
    package init(name: String, type: String, contentID: String? = nil, content: FileText? = nil) {
        let lastSlash = name.utf8.lastIndex(of: 0x2F)
        self.name = lastSlash.map { String(name[name.utf8.index(after: $0)...]) } ?? name
        self.type = type
        self.contentID = contentID
        self.content = AttachedFile.isText(type) || AttachedFile.isMessage(type) ? content : nil
    }

    /// Whether the content of a file of this type says how it is to be sent.
    package static func dependsOnContent(_ type: String) -> Bool { isText(type) || isMessage(type) }

    /// Whether a file can be sent under a type: a message has to go unencoded (RFC 2046, 5.2.1), and a multipart has
    /// parts.
    package static func canBeSent(as type: String, _ content: FileText?) -> Bool {
        if isMessage(type) { return content?.encoding == .sevenBit }
        return !type.lowercased().hasPrefix("multipart/")
    }

    /// How its bytes are written into a message.
    package var encoding: TransferEncoding { content?.encoding ?? .base64 }

    private static func isText(_ type: String) -> Bool { type.lowercased().hasPrefix("text/") }

    private static func isMessage(_ type: String) -> Bool { type.lowercased().hasPrefix("message/") }

    /// The part's header section with the empty line after it.
    var header: [UInt8] {
        var bytes: [UInt8] = []
        // Office documents have types that are just too long for a line.
        let start = "Content-Type:"
        let isLong = start.utf8.count + 1 + type.utf8.count > HeaderField.lineLimit
        bytes.append(contentsOf: "\(start)\(isLong ? "\n" : "") \(type)".utf8)
        for (name, value) in addedParameters { MediaParameter.append(name, token: value, to: &bytes) }
        if !MediaParameter.isPlain(fileName) { MediaParameter.appendEncoded("name", fileName, to: &bytes) }
        bytes.append(ASCII.lineFeed)
        HeaderField.appendPlain("Content-Transfer-Encoding", encoding.rawValue, to: &bytes)
        bytes.append(contentsOf: "Content-Disposition: \(contentID == nil ? "attachment" : "inline")".utf8)
        MediaParameter.append("filename", fileName, to: &bytes)
        bytes.append(ASCII.lineFeed)
        if let contentID { HeaderField.appendPlain("Content-ID", "<\(contentID)>", to: &bytes) }
        bytes.append(ASCII.lineFeed)
        return bytes
    }

    private var fileName: String {
        var line = Array(name.utf8)
        HeaderText.makeOneLine(&line)
        return String(decoding: line, as: UTF8.self)
    }

    /// What the content says, and the type does not say by itself.
    private var addedParameters: [(name: String, value: String)] {
        guard let content, AttachedFile.isText(type) else { return [] }
        let given = type.lowercased().filter { $0 != " " }
        var parameters: [(name: String, value: String)] = []
        if content.isUTF8, !given.contains(";charset=") { parameters.append(("charset", "utf-8")) }
        if let method = content.calendarMethod, given.hasPrefix("text/calendar"), !given.contains(";method=")
        {
            parameters.append(("method", method))
        }
        return parameters
    }

    func check() throws(MessageDesignError) {
        guard MediaTypes.isValid(type), type.utf8.count <= 200 else {
            throw .attachmentType(name: name, type: type)
        }
        guard AttachedFile.canBeSent(as: type, content) else {
            throw .attachmentTypeNotSent(name: name, type: type)
        }
        // A longer file name exists on no file system, and 2,000 bytes of it pass through every reader.
        guard name.utf8.count <= 2000 else { throw .attachmentName(name) }
        guard !fileName.isEmpty else { throw .attachmentWithoutName }
        guard let contentID else { return }
        let allowed = contentID.utf8.allSatisfy { $0 == 0x40 || $0 == 0x2E || ASCII.isAtext($0) }
        guard allowed, !contentID.isEmpty, contentID.utf8.count <= 200 else { throw .contentID(contentID) }
    }
}
