import Glibc
@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolTick
@testable import SpoolTransport
import TestSupport

/// A spool in which people edit, move and rename documents between two looks of a tick.
struct IdentitySpool {
    let test: TestTick
    /// What somebody writes.
    struct Letter {
        var subject = "Issue 1"
        var text = "Hi"
        var recipients = TestSpool.people(2)

        var document: String {
            let list = recipients.map { "\"\($0)\"" }.joined(separator: ", ")
            return """
                {"subject": "\(subject)", "from": "club@example.org", "text": "\(text)", "recipients": [\(list)]}
                """
        }
    }

    init(_ react: @escaping (ScriptedTransport.HandOver) -> ScriptedTransport.Reaction = { _ in .accepts })
        throws
    {
        test = try TestTick(#""retry": {"first": "1h", "most": "1h"}"#, react)
    }

    /// One whose mailing `news` has ended, or, if nobody was to get it as yet but the first, has not.
    init(unfinished isUnfinished: Bool, in folder: Folder? = nil) throws {
        try self.init { handOver in
            isUnfinished && handOver.recipient == "r2@example.org" ? .answersAtOnce(.of(.notNow)) : .accepts
        }
        try drop("active/news")
        try tick()
        if let folder, folder != (isUnfinished ? .active : .done) {
            try test.spool.move("active/news.json", to: "\(folder.rawValue)/news.json")
            try tick()
        }
        test.forgetWhatWasHeard()
    }

    /// Writes a document, as an editor that keeps the file.
    func drop(_ path: String, _ letter: Letter = Letter()) throws {
        try test.spool.write("\(path).json", letter.document)
    }

    /// Writes a document as an editor that replaces the file.
    func replace(_ path: String, _ letter: Letter = Letter()) throws {
        let folder = path.split(separator: "/")[0]
        try test.spool.write("\(folder)/.new", letter.document)
        let (from, to) = ("\(test.spool.files.path)/\(folder)/.new", "\(test.spool.files.path)/\(path).json")
        guard rename(from, to) == 0 else { throw Failure.rename }
    }

    func move(_ path: String, to other: String) throws {
        try test.spool.move("\(path).json", to: "\(other).json")
    }

    func remove(_ path: String) throws { try test.spool.files.remove("\(path).json") }

    /// A minute later.
    func tick() throws {
        test.clock.pass(.minutes(1))
        try test.run()
    }

    func adopt(_ name: String = "news") -> ExitStatus { Tick.adopt(name, spool: test.spool.files.path) }
    func forget(_ name: String = "news") -> ExitStatus { Tick.forget(name, spool: test.spool.files.path) }

    /// To whom messages were handed over and accepted.
    var received: [String] {
        zip(test.transport.log, test.transport.answers).filter { $0.1.verdict == .accepted }
            .map { String($0.0.recipient.prefix { $0 != "@" }) }.sorted()
    }

    /// The errors of a document, as the last look has left them.
    func errors(_ name: String = "news") throws -> [String] {
        try test.snapshot(name)?.errors.map(\.description) ?? []
    }

    private enum Failure: Error { case rename }
}
