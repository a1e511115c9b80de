import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct `The status on a terminal` {
    private func spool() throws -> ScratchSpool {
        let spool = try ScratchSpool()
        try spool.drop(Draft(3), as: "årsmöte", in: .active)
        try spool.drop(Draft(3), as: "漢字の手紙", in: .active)
        #expect(try spool.tick().isSilentSuccess)
        try spool.drop(
            Draft(20), as: "party 🎉 of the whole club, in the garden behind the house", in: .paused)
        return spool
    }

    @Test(arguments: [(80, "C.UTF-8"), (140, "C.UTF-8"), (80, "C"), (140, "C")])
    func `the overview has one line a mailing, and columns that stand`(columns: Int, locale: String) throws {
        let spool = try spool()
        let window = try TerminalWindow(columns: columns, rows: 24, environment: ["LC_ALL": locale])
        try window.type("clear; \(Installation.status) --spool \(spool.path); echo '<''end>'")
        try eventually("the overview") { try window.shows("<end>") }
        let lines = try window.lines().prefix { $0 != "<end>" }
        #expect(lines.count == 4 && lines.first?.hasPrefix("state") == true, "\(lines)")
        #expect(lines.dropFirst().map { $0.prefix(4) } == ["paus", "done", "done"])
        let isASCII = lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
        let hasColor = try window.lines(colors: true).joined().contains("\u{1B}[")
        if locale == "C" {
            #expect(isASCII && !hasColor, "\(lines)")
            #expect(lines.contains { $0.contains("arsmote") } && lines.contains { $0.contains("####") })
        } else {
            #expect(!isASCII && hasColor, "\(lines)")
            #expect(lines.contains { $0.contains("årsmöte") } && lines.contains { $0.contains("━━━━") })
        }
    }

    @Test func `the watch draws what changes and ends on q with the terminal as it was`() throws {
        let spool = try spool()
        let window = try TerminalWindow(columns: 100, rows: 20, environment: ["LC_ALL": "C.UTF-8"])
        let before = spool.path + "/before"
        let after = spool.path + "/after"
        let status = "\(Installation.status) --spool \(spool.path)"
        for way in ["q", "C-c", "TERM", "SEGV"] {
            try window.type(
                "clear; stty -g >\(before); \(status) --watch 0.1; echo \"<$?>\"; stty -g >\(after)")
            try eventually("the watch") { try window.shows("q ends") }
            #expect(try window.mode == (isAlternate: true, hasCursor: false))
            #expect(try window.shows("årsmöte"))
            try spool.drop(Draft(5), as: "new-\(way)", in: .paused)
            try eventually("a new mailing") { try window.shows("new-\(way)") }
            try window.resize(columns: 60, rows: 12)
            try eventually("the smaller page") {
                let lines = try window.lines()
                return lines.count >= 12 && lines[11].hasSuffix("q ends") && lines[0].hasPrefix("state")
            }
            try window.resize(columns: 100, rows: 20)
            if way == "q" || way == "C-c" {
                try window.press(way)
            } else {
                _ = kill(try window.program, way == "SEGV" ? SIGSEGV : SIGTERM)
            }
            try eventually("its end by \(way)") { try window.shows(way == "SEGV" ? "<139>" : "<0>") }
            try eventually("the settings") { FileManager.default.fileExists(atPath: after) }
            #expect(try window.mode == (isAlternate: false, hasCursor: true), "\(way)")
            let settings = try [before, after].map { try String(contentsOfFile: $0, encoding: .utf8) }
            #expect(settings[0] == settings[1] && !settings[0].isEmpty, "\(way)")
            try FileManager.default.removeItem(atPath: after)
        }
    }

    @Test func `a watch that is stopped gives the terminal back, and takes it again`() throws {
        let spool = try spool()
        let window = try TerminalWindow(columns: 100, rows: 20, environment: ["LC_ALL": "C.UTF-8"])
        try window.type("clear; \(Installation.status) --spool \(spool.path) --watch årsmöte")
        try eventually("the watch") { try window.shows("Recipients") }
        try window.press("C-z")
        try eventually("the shell") { try window.shows("Stopped") }
        #expect(try window.mode == (isAlternate: false, hasCursor: true))
        try window.type("fg")
        try eventually("the watch again") { try window.shows("Recipients") }
        #expect(try window.mode == (isAlternate: true, hasCursor: false))
        try window.press("q")
        try eventually("its end") { try !window.mode.isAlternate }
    }
}
