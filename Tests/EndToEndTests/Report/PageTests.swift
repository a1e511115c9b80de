import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct `The page` {
    /// What Chromium says of a page; see `Programs/browse.py`.
    struct Visit: Decodable {
        struct Picture: Decodable {
            let bytes: Int
            let values: Int
            let scrollWidth: Int
            let height: Int
            let ground: String
        }

        struct Message: Decodable {}

        let desktop: Picture
        let dark: Picture
        let phone: Picture
        let print: Picture
        let dom: String
        let scripts: Int
        let asked: Int
        let requests: [String]
        let console: [Message]
    }

    /// What stands on a page; see `Programs/read-page.py`.
    struct Content: Decodable {
        struct Table: Decodable {
            struct Row: Decodable {
                let name: String
                let numbers: [Int]
                let bars: [Double]
                let says: String
            }

            let rows: [Row]
            let sums: [Int]
            let ticks: [Double]

            func number(_ name: String) -> Int { rows.first { $0.name == name }?.numbers[0] ?? 0 }
        }

        struct Timeline: Decodable {
            struct Row: Decodable {
                let start: String
                let numbers: [Int]
            }

            let rows: [Row]
            let curveEnd: Double
            let barSums: [String: Double]
            let tallest: Double
            let sumTicks: [Double]
            let barTicks: [Double]
            let hovers: [String]
            let times: [String]
        }

        struct Section: Decodable {
            let tables: [String: Table]
            let timeline: Timeline?
            let heading: String
            let state: String
        }

        let overview: [String: [String: Int]]
        let sections: [String: Section]
        let unnamed: [[String: String?]]
        let dangling: [String]
        let outside: [[String?]]
        let handlers: [String]
        let scripts: Int
        let text: String
    }

    private static let hostileName = "<script>alert(1) & \"x\" 'y'"

    /// A finished mailing, one that is being delivered, a stopped one, one with errors, and a name out of hell.
    private func spool() throws -> ScratchSpool {
        let spool = try ScratchSpool(settings: ["timeZone": "Europe/Stockholm"])
        try spool.sink.behave(
            "*3@one.example exit=67 stderr=550_5.1.1_<b>no_such_user</b>", "*7@* exit=67",
            "*5@two.example exit=75 stderr=451_later")
        let many = (1...160).map { "r\($0)@\($0 % 4 == 0 ? "two" : "one").example" }
        try spool.drop(Draft(many + ["r1@one.example", "broken"]), as: "finished", in: .scheduled)
        try spool.drop(
            Draft(many + ["x5@two.example"]).with("subject", "Ünïcode <i>& \u{202E}more"), as: "under way",
            in: .scheduled)
        try spool.drop(Draft(40), as: "stopped", in: .paused)
        try spool.drop(Draft(2).with("text", "{{ nothing }}"), as: Page.hostileName, in: .scheduled)
        _ = try spool.tick()
        return spool
    }

    private typealias Page = `The page`

    @Test
    func
        `its tables and charts show the numbers of the status, in a browser, without a request or a complaint`()
        throws
    {
        let spool = try spool()
        let directory = try Page.pictures()
        let page = directory + "/status.html"
        #expect(try spool.reported("--html", page) == "")
        let visit = try Python.read(
            Visit.self, [Python.script("browse"), "file://\(page)", directory], input: "")
        #expect(visit.requests == [] && visit.asked == 1 && visit.console.isEmpty && visit.scripts == 0)
        try Page.look(visit)

        let content = try Python.read(Content.self, [Python.script("read-page")], input: visit.dom)
        #expect(content.outside.isEmpty && content.handlers.isEmpty && content.scripts == 0)
        #expect(content.unnamed.isEmpty && content.dangling.isEmpty)
        let status = try spool.status()
        #expect(status.mailings.count == 4)
        for mailing in status.mailings {
            #expect(mailing.sum == mailing.recipients, "\(mailing)")
            try Page.compare(content, mailing)
        }
        #expect(content.text.contains("have no value for {{ nothing }}"))
        #expect(content.text.contains("550 5.1.1 <b>no such user</b>"))
    }

    /// Where the pictures go, for somebody to look at: into the directory that `SPOOL_PICTURES` names, or a new one.
    private static func pictures() throws -> String {
        if let wanted = ProcessInfo.processInfo.environment["SPOOL_PICTURES"] { return wanted }
        let path = try TemporaryDirectory(kept: true).path
        print("pictures of the page: \(path)")
        return path
    }

    private static func look(_ visit: Visit) throws {
        for picture in [visit.desktop, visit.dark, visit.phone, visit.print] {
            #expect(picture.bytes > 20_000 && picture.values > 100 && picture.height > 1000, "\(picture)")
        }
        #expect(visit.phone.scrollWidth == 375, "nothing is wider than a phone")
        #expect(visit.desktop.scrollWidth == 1280 && visit.print.scrollWidth == 794)
        #expect(visit.desktop.ground != visit.dark.ground)
        #expect(visit.phone.height > visit.desktop.height)
    }

    private static func compare(_ content: Content, _ mailing: Status.Mailing) throws {
        let row = try #require(content.overview[mailing.name])
        let skipped = mailing.skipped.values.compactMap { $0 }.reduce(0, +)
        let left = [mailing.waiting, mailing.sending, mailing.inDoubt, mailing.deferred].compactMap { $0 }
            .reduce(0, +)
        #expect(row["Recipients"] == mailing.recipients && row["Sent"] == mailing.sent)
        #expect(row["Failed"] == mailing.failed && row["Deferred"] == mailing.deferred)
        #expect(row["Skipped"] == skipped && row["Left"] == left)
        let section = try #require(content.sections[mailing.name])
        #expect(section.heading == mailing.name && section.state == mailing.state)
        guard mailing.startedAt != nil else { return }
        let table = try #require(section.tables["status"])
        #expect(table.sums == [mailing.recipients])
        #expect(table.rows.reduce(0) { $0 + $1.numbers[0] } == mailing.recipients)
        #expect(table.number("Sent") == mailing.sent && table.number("Failed") == mailing.failed)
        #expect(table.number("Deferred") == mailing.deferred && table.number("Waiting") == mailing.waiting)
        #expect(table.number("Skipped: duplicate") == mailing.skipped["duplicate"])
        for table in section.tables.values { checkBars(table) }
        #expect(section.tables["reasons"]?.sums ?? [0] == [mailing.failed])
        let timeline = try #require(section.timeline)
        checkTimeline(timeline, mailing)
    }

    /// Bars are as long as the axis says, to a hundredth of it.
    private static func checkBars(_ table: Content.Table) {
        guard let top = table.ticks.last else {
            Issue.record("a chart without an axis")
            return
        }
        #expect(table.ticks.count >= 2 && table.ticks[0] == 0)
        for row in table.rows {
            #expect(
                abs(
                    row.bars.reduce(0, +)
                        - Double(row.numbers.count > 1 ? row.numbers.reduce(0, +) : row.numbers[0])) <= top
                    * 0.015, "\(row)")
            #expect(row.says.hasPrefix(row.name), "\(row)")
        }
    }

    private static func checkTimeline(_ timeline: Content.Timeline, _ mailing: Status.Mailing) {
        let sums = (0..<3).map { column in timeline.rows.reduce(0) { $0 + $1.numbers[column] } }
        #expect(sums[0] == mailing.sent && sums[1] == mailing.failed && sums[2] >= mailing.deferred ?? 0)
        #expect(timeline.rows.last?.numbers[3] == mailing.sent)
        let sent = Double(mailing.sent ?? 0)
        #expect(abs(timeline.curveEnd - sent) <= (timeline.sumTicks.last ?? 0) * 0.01)
        // A bar is at least a pixel high, of 124.
        let bars = Double(timeline.rows.count) * (timeline.barTicks.last ?? 0) / 124
        #expect(abs((timeline.barSums["f-sent"] ?? 0) - sent) <= bars)
        #expect(timeline.tallest <= (timeline.barTicks.last ?? 0) * 1.03)
        #expect(timeline.hovers.contains { $0.contains("\(mailing.sent ?? 0) so far") })
        #expect(!timeline.times.isEmpty && timeline.times.count <= 7)
    }

    @Test func `in the middle of a delivery its charts and its counts are of one moment`() throws {
        let spool = try ScratchSpool(concurrency: 4)
        try spool.sink.behave(
            "*3@* exit=67 stderr=no before=10", "*5@* exit=75 stderr=later before=10", "* before=10")
        try spool.drop(Draft(Draft.addresses(300) + ["r1@example.com"]), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count > 4 }
        var middle = 0
        while tick.isRunning {
            let page = try spool.reported("--html", "-")
            let lines = try spool.reported("news", "--recipients").split(separator: "\n").count
            #expect(lines == 301)
            let content = try Python.read(Content.self, [Python.script("read-page")], input: page)
            guard let section = content.sections["news"], let table = section.tables["status"] else {
                continue
            }
            #expect(table.sums == [301] && table.rows.reduce(0) { $0 + $1.numbers[0] } == 301)
            #expect(section.tables["reasons"]?.sums ?? [0] == [table.number("Failed")])
            guard let timeline = section.timeline else { continue }
            let sent = timeline.rows.reduce(0) { $0 + $1.numbers[0] }
            #expect(sent == table.number("Sent") && content.overview["news"]?["Sent"] == sent)
            #expect(timeline.rows.reduce(0) { $0 + $1.numbers[2] } == table.number("Deferred"))
            if sent > 0, sent < 240 { middle += 1 }
        }
        #expect(tick.wait().ending == .exited(0))
        #expect(middle > 0)
    }

    @Test func `it replaces the old page as a whole, keeps its mode, and leaves what is no file alone`()
        throws
    {
        let spool = try ScratchSpool()
        let directory = try TemporaryDirectory()
        let page = directory.path + "/status.html"
        _ = try spool.reported("--html", page)
        func mode() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: page)[.posixPermissions] as? Int
        }
        #expect(try mode() == 0o644)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: page)
        let reader = try FileHandle(forReadingFrom: URL(fileURLWithPath: page))
        let old = try Data(contentsOf: URL(fileURLWithPath: page))
        try spool.drop(Draft(2), as: "news", in: .paused)
        _ = try spool.reported("--html", page)
        #expect(try mode() == 0o640)
        #expect(try reader.readToEnd() == old, "whoever has opened the old page reads it to its end")
        let new = try String(contentsOfFile: page, encoding: .utf8)
        #expect(new.contains("news") && new.hasSuffix("</html>\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["status.html"])
        #expect(try spool.reported("--html", "-").hasPrefix("<!DOCTYPE html>"))
        #expect(mkfifo(directory.path + "/fifo", 0o600) == 0)
        for path in [
            "/nowhere/x.html", directory.path, directory.path + "/fifo", "/dev/stdout", page + "/x.html",
        ] {
            let outcome = try spool.report("--html", path)
            #expect(outcome.ending == .exited(73) && !outcome.errors.isEmpty, "\(path)")
        }
        #expect(try spool.report("--html").ending == .exited(64))
        #expect(try spool.report("--html", page, "--json").ending == .exited(64))
    }

    @Test func `on a full disk the old page stays and nothing else does`() throws {
        let mount = try Mount.tmpfs(megabytes: 1)
        let spool = try ScratchSpool()
        let page = mount.path + "/status.html"
        _ = try spool.reported("--html", page)
        let old = try Data(contentsOf: URL(fileURLWithPath: page))
        try mount.fill()
        let outcome = try spool.report("--html", page)
        #expect(outcome.ending == .exited(74) && outcome.errors.contains("No space left"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: page)) == old)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: mount.path).sorted() == [
                "filler", "status.html",
            ])
    }

    @Test
    func
        `an empty spool says how to begin, and the last ten of those ended are shown unless all are asked for`()
        throws
    {
        let spool = try ScratchSpool()
        #expect(try spool.reported("--html", "-").contains("To begin"))
        for number in 1...12 { try spool.drop(Draft(["a@example.org"]), as: "m\(number)", in: .scheduled) }
        #expect(try spool.tick().isSilentSuccess)
        func names(_ text: String) throws -> [Int] {
            let content = try Python.read(Content.self, [Python.script("read-page")], input: text)
            return [content.overview.count, content.sections.count]
        }
        let short = try spool.reported("--html", "-")
        #expect(try names(short) == [10, 10] && short.contains("2 older mailings"))
        #expect(try names(spool.reported("--html", "-", "--all")) == [12, 10])
        #expect(try names(spool.reported("m3", "--html", "-")) == [1, 1])
    }
}
