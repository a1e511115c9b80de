@testable import SpoolConsole
import Testing

struct ArgumentsTests {
    private func read(_ arguments: [String]) throws(UsageError) -> Arguments {
        try Arguments(
            arguments, known: ["recipients": .flag, "state": .value, "watch": .optionalNumber],
            operand: "a mailing")
    }

    private func refusal(_ arguments: [String]) throws -> String {
        try #require(#expect(throws: UsageError.self) { try read(arguments) }).description
    }

    @Test func `options, their values and the rest are told apart`() throws {
        let options = try read(["a", "--state=sent", "--watch", "5", "--recipients", "--", "--b"])
        #expect(options["state"] == "sent" && options["watch"] == "5" && options.has("recipients"))
        #expect(options.rest == ["a", "--b"] && !options.has("help"))
        #expect(try read(["-h"]).has("help") && read(["--help"]).has("help"))
        #expect(try read(["--", "-h"]).rest == ["-h"])
    }

    @Test(arguments: [
        (["--block", "a@b", "dir"], "a@b", ["dir"]), (["--block=a@b", "dir"], "a@b", ["dir"]),
        (["--block", "-"], "-", []), (["--block", "--mailing", "x"], "", []), (["--block"], "", []),
    ]) func `a value that may be left out is the next argument unless that is an option`(
        arguments: [String], value: String, rest: [String]
    ) throws {
        let options = try Arguments(
            arguments, known: ["block": .optionalValue, "mailing": .value], operand: "the spool")
        #expect(options["block"] == value && options.rest == rest)
        #expect(options["mailing"] == (arguments.contains("--mailing") ? "x" : nil))
    }

    @Test(arguments: [
        ("--recipient", "unknown option --recipient; did you mean --recipients?"),
        ("--Recipients", "unknown option --Recipients; did you mean --recipients?"),
        ("--stat=sent", "unknown option --stat; did you mean --state?"),
        ("--colour", "unknown option --colour; did you mean --color?"),
        ("-help", "unknown option -help; did you mean --help?"),
        ("--frobnicate", "unknown option --frobnicate; see --help"), ("-x", "unknown option -x; see --help"),
    ]) func `an unknown option is answered with the one that is near`(option: String, words: String) throws {
        #expect(try refusal([option]) == words)
    }

    @Test(arguments: [
        (["--spool", ""], "the name of the spool is empty"), (["--spool="], "the name of the spool is empty"),
        (["--spool"], "--spool needs a value; see --help"),
        (["--state", ""], "the value of --state is empty"),
        ([""], "the name of a mailing is empty"), (["news", ""], "the name of a mailing is empty"),
        (["--color", "bogus"], "--color takes auto, always or never, and not bogus"),
        (["--state", "x", "--state", "y"], "--state stands there twice"),
    ]) func `what cannot be meant is refused by its name`(arguments: [String], words: String) throws {
        #expect(try refusal(arguments) == words)
    }

    @Test func `a colour that is asked for is used, and one that is not, never`() throws {
        #expect(try read(["--color", "always"]).usesColor)
        #expect(try !read(["--color=never"]).usesColor)
    }
}
