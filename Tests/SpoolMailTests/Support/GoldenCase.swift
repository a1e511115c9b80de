import Foundation

@testable import SpoolMail

/// A `case.json` of Golden/: what goes into a message, and what a reader must find in it.
struct GoldenCase: Decodable {
    struct File: Decodable {
        let name: String
        let type: String
        let inline: String?
        let content: String
    }

    struct Unsubscribe: Decodable {
        let url: String?
        let mailto: String?
        let oneClick: Bool?
    }

    struct Header: Decodable {
        let name: String
        let value: String
    }

    /// Where it differs from what went in, since variables were filled or a text derived.
    struct Expectation: Decodable {
        let subject: String?
        let text: String?
        let html: String?
        let toName: String?
        let fields: [String: String]?
        let structure: String?
    }

    let from: String
    let replyTo: [String]?
    let subject: String
    let text: String?
    let html: String?
    let headers: [Header]?
    let listUnsubscribe: Unsubscribe?
    let files: [File]?
    let to: String
    let fields: [String: String]?
    let expect: Expectation?

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Golden")

    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func read(_ name: String) throws -> GoldenCase {
        let data = try Data(contentsOf: folder.appendingPathComponent(name + ".json"))
        return try JSONDecoder().decode(GoldenCase.self, from: data)
    }

    var attachments: [AttachedFile] {
        (files ?? []).map {
            AttachedFile(
                name: $0.name, type: $0.type, contentID: $0.inline, content: FileText(Array($0.content.utf8)))
        }
    }

    /// What arrives of the files: those that travel as text have LF line ends.
    var arriving: [String] {
        zip(files ?? [], attachments).map { file, attachment in
            attachment.encoding == .base64 ? file.content : file.content.replacing("\r\n", with: "\n")
        }
    }

    func message() throws -> [UInt8] {
        let design = try MessageDesign(
            from: Mailbox(from), replyTo: (replyTo ?? []).map { try Mailbox($0) }, subject: Template(subject),
            text: text.map { try Template($0) }, html: html.map { try Template($0) },
            headers: (headers ?? []).map { (name: $0.name, value: try Template($0.value)) },
            listUnsubscribe: listUnsubscribe.map {
                ListUnsubscribe(
                    url: try $0.url.map { try Template($0) }, mailto: try $0.mailto.map { try Template($0) },
                    oneClick: $0.oneClick ?? false)
            }, attachments: attachments)
        let recipient = try Mailbox(to)
        let values = fields ?? [:]
        let problems = design.problems(for: recipient) { values[$0] }
        if let problem = problems.first { throw problem }
        let date = "Tue, 24 Nov 2026 19:00:00 +0100"
        return try design.render(to: recipient, messageID: "golden.1@example.org", date: date) { values[$0] }
            .bytes(files: (files ?? []).map { Array($0.content.utf8) }, as: attachments)
    }
}
