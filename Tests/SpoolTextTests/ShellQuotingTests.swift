import Foundation
import SpoolText
import Testing

struct ShellQuotingTests {
    @Test(arguments: [
        ("news", "news"), ("a/b-c_d.json", "a/b-c_d.json"), ("årsmöte", "årsmöte"), ("it's", #"'it'\''s'"#),
        ("a b", "'a b'"), ("$(x)", "'$(x)'"), ("", "''"), ("a\nb", #""$(printf -- 'a\012b')""#),
    ])
    func `a name is one word of a shell`(text: String, quoted: String) {
        #expect(text.shellQuoted == quoted)
    }

    private static let hostile = [
        "a\nb", "\n", "a\u{202E}b", "-x", "--", "it's\n'", "100%\n%d", #"back\slash"# + "\t\\012",
        "\u{1B}[2Jx",
        "$(reboot)\n`x`\"", "a  b", "\u{200B}", "é\u{85}", "*", "~", "a\n\n", "'\n", "%\n", #"\"# + "\n",
        "=ls",
    ]

    @Test(arguments: hostile) func `a word is shown on one line, and nothing in it is hidden`(text: String) {
        #expect(PlainText.clean(text.shellQuoted) == text.shellQuoted)
        #expect(text.shellQuoted.unicodeScalars.allSatisfy { $0.properties.generalCategory != .format })
    }

    @Test(arguments: hostile + ["årsmöte", "漢 字"], [true, false])
    func `what is copied is what was meant`(text: String, isASCII: Bool) throws {
        let quoted = text.shellQuoted(isASCII: isASCII)
        #expect(!isASCII || quoted.utf8.allSatisfy { $0 < 0x80 })
        // A line feed at the end needs a shell that knows $'…'.
        for shell in text.hasSuffix("\n") ? ["bash"] : ["sh", "bash"] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/\(shell)")
            process.arguments = ["-c", "printf %s,%s \(quoted) end"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(String(decoding: bytes, as: UTF8.self) == text + ",end", "\(shell)")
        }
    }

    @Test func `a name that begins with a hyphen is no option`() {
        #expect("-x".shellOperand == "-- -x")
        #expect("x y".shellOperand == "'x y'")
        #expect(ShellCommand("mv", "a b", operand: "-x").text() == "mv 'a b' -- -x")
    }

    @Test func `advice is words, a command and what that does, of which any may be missing`() {
        let command = ShellCommand("spool-tick", operand: "/100%", isEveryMinute: true)
        #expect(
            Advice("add:", command: command, effect: "it\nruns").text
                == #"add: * * * * * spool-tick /100\% (it runs)"#)
        #expect(Advice(command: command).text == command.text() && Advice("go").text == "go")
    }
}
