import Foundation
import SpoolSchedule
import SpoolText
import Testing

struct DiagnosticTests {
    private let ways = [
        Advice("move it back to done/"),
        Advice(command: ShellCommand("spool-tick", "--adopt", "it's"), effect: "the same mailing"),
    ]

    @Test func `several ways out make one hint, and are kept one by one where it is written down`() throws {
        let problem = Diagnostic(message: "nobody can tell", ways: ways)
        #expect(
            problem.description
                == #"nobody can tell; move it back to done/; or spool-tick --adopt 'it'\''s' (the same mailing)"#
        )
        let bytes = try JSONEncoder().encode(problem)
        #expect(try JSONDecoder().decode(Diagnostic.self, from: bytes) == problem)
    }

    @Test func `what an earlier version wrote has no ways`() throws {
        let text = #"{"hint":"h","key":"subject","line":null,"message":"m"}"#
        let problem = try JSONDecoder().decode(Diagnostic.self, from: Data(text.utf8))
        #expect(problem == Diagnostic(key: "subject", message: "m", hint: "h") && problem.ways == nil)
        let written = String(decoding: try JSONEncoder().encode(problem), as: UTF8.self)
        #expect(!written.contains("ways"))
    }
}
