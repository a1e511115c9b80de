import Foundation

/// What Dovecot, an IMAP server with a parser of its own, finds in a message.
struct DovecotMessage {
    struct Leaf: Equatable {
        let type: String
        let disposition: String?
        let contentID: String?
        let fileName: String?
        /// Its transfer encoding undone; a text's line ends as LF.
        var content: String
    }

    let subject: String
    let from: [ReadAddress]
    let to: [ReadAddress]
    let replyTo: [ReadAddress]
    var leaves: [Leaf]
}

/// Lets Dovecot's `doveadm` read messages from a Maildir.
enum DoveadmReader {
    struct Failed: Error {
        let output: String
    }

    static func read(_ messages: [[UInt8]]) throws -> [DovecotMessage] {
        let folder = try maildir(messages)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fields = "guid hdr.subject.utf8 imap.envelope imap.bodystructure"
        let found = try fetch(fields, from: folder)
        guard found.count == messages.count else { throw Failed(output: "\(found.count) messages") }
        let structures = try found.map { try Structure($0["imap.bodystructure"] ?? "") }
        let sections = Set(structures.flatMap { $0.leaves.map(\.section) }).sorted()
        let contents = try fetch(
            "guid " + sections.map { "binary.\($0)" }.joined(separator: " "), from: folder)
        return try zip(zip(found, structures), contents).map { head, content in
            let (fields, structure) = head
            guard fields["guid"] == content["guid"] else { throw Failed(output: "another order") }
            let envelope = try IMAPValue.parse("(\(fields["imap.envelope"] ?? ""))").list
            return DovecotMessage(
                subject: fields["hdr.subject.utf8"] ?? "", from: addresses(envelope[2]),
                to: addresses(envelope[5]), replyTo: addresses(envelope[4]),
                leaves: structure.leaves.map { section, leaf in
                    var leaf = leaf
                    leaf.content = content["binary.\(section)"] ?? ""
                    if leaf.disposition == nil { leaf.content = leaf.content.replacing("\r\n", with: "\n") }
                    return leaf
                })
        }
    }

    /// Dovecot reads no mail as root, and gives its rights away to the user that the configuration names.
    private static func maildir(_ messages: [[UInt8]]) throws -> URL {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("spool-dovecot-\(UUID())")
        for name in ["new", "cur", "tmp"] {
            try files.createDirectory(
                at: folder.appendingPathComponent("Maildir/\(name)"), withIntermediateDirectories: true)
        }
        for (index, message) in messages.enumerated() {
            let name = String(format: "%06d", index)
            try Data(message).write(to: folder.appendingPathComponent("Maildir/new/\(name)"))
        }
        let configuration = """
            mail_location = maildir:\(folder.path)/Maildir
            mail_uid = nobody
            mail_gid = nogroup
            log_path = /dev/stderr
            ssl = no

            """
        try Data(configuration.utf8).write(to: folder.appendingPathComponent("conf"))
        _ = try run("/usr/bin/env", ["chown", "-R", "nobody:nogroup", folder.path], home: folder)
        return folder
    }

    private static func fetch(_ fields: String, from folder: URL) throws -> [[String: String]] {
        let arguments = [
            "-c", folder.path + "/conf", "-f", "json", "fetch", fields, "mailbox", "INBOX",
        ]
        let output = try run("/usr/bin/doveadm", arguments, home: folder)
        return try JSONDecoder().decode([[String: String]].self, from: output)
    }

    /// Whatever is said on standard error counts as a failure: that is where Dovecot names what it cannot read.
    private static func run(_ program: String, _ arguments: [String], home: URL) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["HOME": home.path, "USER": "nobody", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, said.isEmpty else { throw Failed(output: said) }
        return data
    }

    /// The addresses of an envelope; Dovecot takes them apart and leaves the encoded words to its client.
    private static func addresses(_ value: IMAPValue) -> [ReadAddress] {
        value.list.map { entry in
            let parts = entry.list.map(\.text)
            return ReadAddress(
                name: MessageReader.decodedText(parts[0] ?? ""),
                address: "\(parts[2] ?? "")@\(parts[3] ?? "")")
        }
    }
}

/// The leaves of a BODYSTRUCTURE (RFC 3501, 7.4.2) with their section numbers.
private struct Structure {
    private(set) var leaves: [(section: String, DovecotMessage.Leaf)] = []

    init(_ text: String) throws {
        walk(try IMAPValue.parse("(\(text))").list, "")
    }

    private mutating func walk(_ part: [IMAPValue], _ section: String) {
        let children = part.prefix { if case .list = $0 { true } else { false } }
        guard children.isEmpty else {
            for (index, child) in children.enumerated() {
                walk(child.list, section.isEmpty ? "\(index + 1)" : "\(section).\(index + 1)")
            }
            return
        }
        let type = [part[0], part[1]].map { $0.text ?? "" }.joined(separator: "/").lowercased()
        // A text has its number of lines between its size and its checksum.
        let disposition = part[type.hasPrefix("text/") ? 9 : 8].list
        leaves.append(
            (
                section.isEmpty ? "1" : section,
                DovecotMessage.Leaf(
                    type: type, disposition: disposition.first?.text, contentID: part[3].text,
                    fileName: disposition.count > 1 ? Structure.fileName(disposition[1].list) : nil,
                    content: "")
            ))
    }

    /// RFC 2231, which Dovecot leaves to its client.
    private static func fileName(_ parameters: [IMAPValue]) -> String? {
        let pairs = stride(from: 0, to: parameters.count - 1, by: 2).map {
            (name: parameters[$0].text ?? "", value: parameters[$0 + 1].text ?? "")
        }
        if let plain = pairs.first(where: { $0.name == "filename" }) { return plain.value }
        let encoded = pairs.filter { $0.name.hasPrefix("filename*") }.map(\.value).joined()
        return encoded.replacing("UTF-8''", with: "").removingPercentEncoding
    }
}

/// A value of IMAP's: a list, a string, a number, or NIL.
private indirect enum IMAPValue {
    case list([IMAPValue])
    case text(String)
    case absent

    struct Malformed: Error {
        let text: String
    }

    var list: [IMAPValue] { if case .list(let values) = self { values } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }

    static func parse(_ text: String) throws -> IMAPValue {
        var rest = text.unicodeScalars[...]
        let value = try take(&rest)
        guard rest.isEmpty else { throw Malformed(text: text) }
        return value
    }

    private static func take(_ rest: inout Substring.UnicodeScalarView) throws -> IMAPValue {
        while rest.first == " " { rest.removeFirst() }
        switch rest.first {
        case "(":
            rest.removeFirst()
            var values: [IMAPValue] = []
            while true {
                while rest.first == " " { rest.removeFirst() }
                if rest.first == ")" { break }
                values.append(try take(&rest))
            }
            rest.removeFirst()
            return .list(values)
        case "\"":
            rest.removeFirst()
            var text = String.UnicodeScalarView()
            while let next = rest.popFirst(), next != "\"" {
                text.append(next == "\\" ? rest.popFirst() ?? next : next)
            }
            return .text(String(text))
        case "{":
            // {COUNT} and a line end, then so many bytes: whatever does not fit between quotation marks.
            let count = Int(String(rest.dropFirst().prefix { $0 != "}" })) ?? 0
            guard let end = rest.firstIndex(of: "\n") else { throw Malformed(text: String(rest)) }
            var bytes = String(rest[rest.index(after: end)...]).utf8[...]
            let text = String(decoding: bytes.prefix(count), as: UTF8.self)
            bytes = bytes.dropFirst(count)
            rest = Substring(bytes).unicodeScalars[...]
            return .text(text)
        case nil:
            throw Malformed(text: "the value ends too early")
        default:
            let atom = String(rest.prefix { $0 != " " && $0 != ")" })
            rest.removeFirst(atom.unicodeScalars.count)
            return atom == "NIL" ? .absent : .text(atom)
        }
    }
}
