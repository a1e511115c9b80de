@testable import SpoolCheck
@testable import SpoolConsole
import SpoolExamine
@testable import SpoolSchedule
@testable import SpoolStore
@testable import TestSupport
import Testing

struct RefusedConfigurationTests {
    private func check(_ delivery: String) throws -> CheckResult {
        let spool = try TestSpool()
        try spool.write("config.json", "{\"delivery\": {\(delivery)}}")
        try spool.write("news.json", TestDocument.document("\"text\": \"Hi\"", without: ["text"]))
        let file = try CheckedFile(spool.files.path + "/news.json", namedSpool: spool.files.path)
        return try MailingCheck(file, wanted: [], at: Moment.now()) { _, _ in }.result
    }

    @Test(arguments: [
        ("\"via\": \"smtp\"", "config.json: delivery.via: \"smtp\" is not supported yet"),
        (
            "\"command\": [\"/nowhere/sendmail\"]",
            "config.json: delivery.command: /nowhere/sendmail is not there"
        ),
        ("\"command\": [\"/etc/passwd\"]", "config.json: delivery.command: /etc/passwd cannot be run: "),
    ]) func `what no tick would send is not said to be sendable`(delivery: String, words: String) throws {
        let result = try check(delivery)
        #expect(result.errors.isEmpty && !result.canBeSent && result.status == .configuration)
        #expect(result.refusals.map(\.hint) == ["until then nothing is sent"])
        #expect(result.refusals.first?.message.hasPrefix(words) == true, "\(result.refusals)")
        let report = CheckReport(result, style: TerminalStyle()).text
        #expect(report.contains("  error       \(words)") && report.contains("It cannot be sent: 1 error."))
        #expect(
            result.json.text.contains("\"canBeSent\":false")
                && result.json.text.contains("config.json: delivery"))
    }

    @Test(arguments: ["\"via\": \"maildir\"", "\"command\": [\"/bin/true\", \"-x\"]"])
    func `what a tick would send can be sent`(delivery: String) throws {
        let result = try check(delivery)
        #expect(result.refusals.isEmpty && result.status == .ok)
    }

    @Test func `how messages are handed over is said, to people and to programs`() throws {
        let maildir = try check("\"via\": \"maildir\", \"directory\": \"out/box\"")
        let path = try #require(maildir.spool)
        for (result, via, words) in [
            (maildir, "maildir", "into the Maildir \(path)/out/box; no mail leaves the machine"),
            (try check("\"command\": [\"/bin/true\", \"-a b\"]"), "sendmail", "by /bin/true '-a b'"),
            (try check(""), "sendmail", "by \(ConfiguredSpool.sendmail)"),
            (try check("\"via\": \"smtp\""), "smtp", "by SMTP to 127.0.0.1, port 25"),
        ] {
            let lines = CheckReport(result, style: TerminalStyle()).text.split(separator: "\n")
            #expect(lines.contains("  delivery    \(words)"), "\(lines)")
            #expect(result.json.text.contains("\"via\":\"\(via)\""))
        }
    }
}
