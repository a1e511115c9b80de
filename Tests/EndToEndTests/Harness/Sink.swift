import Foundation
import Glibc
import Testing

/// One message that the fake sendmail was given.
struct Submission {
    let recipient: String
    let returnPath: String
    let messageID: String
    /// `0` to `255`, `signal N` or `hang`.
    let outcome: String
    /// `ok`, or which of section 5's demands on arguments and message was not met.
    let verdict: String
    /// `yes` if a file of the journal named the recipient when the message was handed over.
    let intent: String
    /// On the machine's monotonic clock.
    let start: Int
    let end: Int
    /// The file that keeps the message.
    let file: String

    var isAccepted: Bool { outcome == "0" }
}

/// Now, on the clock of the fake sendmail's times.
func monotonicNanoseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC_RAW, &now)
    return now.tv_sec * 1_000_000_000 + now.tv_nsec
}

/// The fake sendmail's directory: how it shall behave, and what it was given.
final class Sink {
    let path: String
    private let directory: TemporaryDirectory

    /// `journal` is where the fake sendmail looks for the intent.
    init(journal: String) throws {
        directory = try TemporaryDirectory()
        path = directory.path
        let files = FileManager.default
        try files.createDirectory(atPath: path + "/messages", withIntermediateDirectories: false)
        try files.createSymbolicLink(atPath: path + "/journal", withDestinationPath: journal)
        try Data().write(to: URL(fileURLWithPath: path + "/log"))
    }

    /// `delivery.command` for config.json.
    var command: [String] {
        get throws { [try Installation.fakeSendmail.get(), path] }
    }

    /// How it shall behave from now on: rules as the C source explains them, their fields separated by blanks,
    /// with `_` for a blank inside a field.
    func behave(_ rules: String...) throws {
        try behave(rules: rules)
    }

    func behave(rules: [String]) throws {
        let lines = rules.map {
            $0.replacing(" ", with: "\t").replacing("_", with: " ") + "\n"
        }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path + "/rules"), options: .atomic)
    }

    /// All that was submitted, in the order in which it was decided.
    var submissions: [Submission] {
        get throws {
            let log = try String(contentsOfFile: path + "/log", encoding: .utf8)
            // A line without its end is being written at this moment.
            return try log.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                guard fields.count == 9, let start = Int(fields[6]), let end = Int(fields[7]) else {
                    throw HarnessError("the fake sendmail's log: \(line)")
                }
                return Submission(
                    recipient: fields[0], returnPath: fields[1], messageID: fields[2], outcome: fields[3],
                    verdict: fields[4], intent: fields[5], start: start, end: end, file: fields[8])
            }
        }
    }

    /// How many messages have been decided.
    var count: Int {
        get throws {
            try Data(contentsOf: URL(fileURLWithPath: path + "/log")).count { $0 == 0x0A }
        }
    }

    /// The recipients of accepted messages, in order.
    var accepted: [String] {
        get throws { try submissions.filter(\.isAccepted).map(\.recipient) }
    }

    /// The message as it came.
    func message(_ submission: Submission) throws -> Message {
        Message(try Data(contentsOf: URL(fileURLWithPath: path + "/" + submission.file)))
    }

    /// The fake sendmails that run, whatever has become of the tick that started them.
    var atWork: [pid_t] {
        get throws {
            // A child of the tick has the tick's command line until it has become a sendmail.
            let beginning = Data((try command.joined(separator: "\0") + "\0").utf8)
            return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
                .filter { process in
                    FileManager.default.contents(atPath: "/proc/\(process)/cmdline")?.starts(with: beginning)
                        == true
                }
        }
    }

    /// The processes that hung, and their children.
    var hanging: [pid_t] {
        let text = (try? String(contentsOfFile: path + "/children", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { pid_t($0) }
    }
}

/// A message as a mail program reads it: enough of MIME for plain text.
struct Message {
    private let fields: [(name: String, value: String)]
    private let rawBody: String

    init(_ data: Data) {
        let text = String(decoding: data, as: UTF8.self)
        let end = text.firstRange(of: "\n\n")
        rawBody = end.map { String(text[$0.upperBound...]) } ?? ""
        let head = end.map { String(text[..<$0.lowerBound]) } ?? text
        let unfolded = head.replacing(/\n[ \t]+/, with: " ")
        fields = unfolded.split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingPrefix(" ")
            return (line[..<colon].lowercased(), String(value))
        }
    }

    /// The value of the first header field of a name.
    subscript(_ name: String) -> String? {
        fields.first { $0.name == name.lowercased() }?.value
    }

    /// How often a field stands there.
    func count(_ name: String) -> Int { fields.count { $0.name == name.lowercased() } }

    /// The body, its transfer encoding undone.
    var body: String {
        switch self["Content-Transfer-Encoding"]?.lowercased() {
        case "base64":
            let data = Data(base64Encoded: rawBody, options: .ignoreUnknownCharacters) ?? Data()
            return String(decoding: data, as: UTF8.self)
        case "quoted-printable":
            return Message.quotedPrintable(rawBody)
        default:
            return rawBody
        }
    }

    private static func quotedPrintable(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacing("=\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
