internal import Foundation
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
internal import SpoolSystem

/// A spool in a directory of its own, what people do to it, and what its journals say.
package final class TestSpool: Sendable {
    package let files: TemporaryFiles
    package let directory: SpoolDirectory
    package let journals: JournalDirectory

    package init() throws {
        files = try TemporaryFiles()
        for folder in Folder.allCases.map(\.rawValue) + ["files", "journal"] {
            try FileManager.default.createDirectory(
                atPath: "\(files.path)/\(folder)", withIntermediateDirectories: false)
        }
        directory = try SpoolDirectory(path: files.path)
        journals = try JournalDirectory(directory.journal)
    }

    // MARK: Documents

    /// So many addresses, `r1@example.org` and so on.
    package static func people(_ count: Int) -> [String] { (1...count).map { "r\($0)@example.org" } }

    /// Writes a document, or another file; one that has long been left alone if the test does not say when.
    package func write(
        _ path: String, _ text: String, modified time: Timestamp = TestClock.start - .hours(1)
    ) throws {
        try files.write(path, text.utf8)
        try setModified(path, to: time)
    }

    package func setModified(_ path: String, to time: Timestamp) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)],
            ofItemAtPath: "\(files.path)/\(path)")
    }

    /// Writes a valid document.
    @discardableResult
    package func drop(
        _ name: String, in folder: Folder = .active, to recipients: [String] = ["a@example.org"],
        _ more: String = ""
    ) throws -> FoundDocument {
        let list = recipients.map { "\"\($0)\"" }.joined(separator: ", ")
        let text = #""text": "Hi {{ name | default: \"all\" }}""#
        let members = "\(text), \"recipients\": [\(list)]" + (more.isEmpty ? "" : ",\n" + more)
        try write(
            "\(folder.rawValue)/\(name).json",
            TestDocument.document(members, without: ["text", "recipients"]))
        return try found(name, in: folder)
    }

    /// A document as a look finds it.
    package func found(_ name: String, in folder: Folder) throws -> FoundDocument {
        let file = SpoolDirectory.documentName(FileName(name))
        guard let status = try directory[folder].status(of: file) else {
            throw SystemError.missing("\(folder.rawValue)/\(name).json")
        }
        return FoundDocument(folder: folder, name: FileName(name), version: DocumentVersion(status))
    }

    /// Moves something, as `mv -n` does.
    package func move(_ path: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: "\(files.path)/\(path)", toPath: "\(files.path)/\(other)")
    }

    /// What lies in a folder, without what begins with a dot.
    package func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(files.path)/\(folder)")) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    // MARK: Journals

    /// What the journals of mailings are called.
    package var journalNames: [String] { names(in: "journal").filter { $0.hasSuffix(".journal") } }

    /// The lines of a journal, sound or not, without their checksums and times.
    package func journal(_ name: String) throws -> [String] {
        guard let file = try journals.open(FileName(name)) else { return [] }
        return String(decoding: try file.contents(), as: UTF8.self).split(separator: "\n")
            .map { String($0.dropFirst(34)) }
    }

    /// The lines of a journal that begin with one of these words.
    package func journal(_ name: String, only words: JournalWord...) throws -> [String] {
        try journal(name).filter { line in
            words.contains { line == $0.rawValue || line.hasPrefix($0.rawValue + " ") }
        }
    }

    /// What a journal says of its mailing by its tail.
    package func history(_ name: String) throws -> MailingHistory? {
        try journals.history(of: FileName(name))
    }

    /// What the document and the journal of a mailing say together of its recipients.
    package func progress(
        _ document: FoundDocument, at now: Timestamp
    ) throws -> [String: RecipientProgress] {
        let text = try directory[document.folder].open(SpoolDirectory.documentName(document.name)).contents()
        let mailing = try TestDocument.validate(
            String(decoding: text, as: UTF8.self), in: directory.files
        ).outcome.get()
        let list = try RecipientList.load(mailing, files: directory.files)
        _ = try Replay(try journals.open(document.name), into: list, now: now)
        return Dictionary(
            uniqueKeysWithValues: (0..<list.table.count).map { (list.address(at: $0), list.table[$0]) })
    }
}
