import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `The life of a mailing` {
    @Test func `a dropped mailing goes from scheduled through active to done`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("* before=300")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        #expect(try spool.status(of: "news").state == "scheduled")
        let tick = try spool.startTick()
        try eventually("it is active") { spool.folders(of: "news") == [.active] }
        let running = try spool.status()
        #expect(try running.ticking && running["news"].state == "active")
        #expect(tick.wait().isSilentSuccess)
        #expect(spool.folders(of: "news") == [.done])
        let status = try spool.status()
        let mailing = try status["news"]
        #expect(mailing.state == "done" && mailing.sent == 3 && !mailing.cancelled)
        #expect(mailing.startedAt != nil && mailing.finishedAt != nil && mailing.waitingFor == nil)
        #expect(status.lastTick != nil && !status.ticking)
        #expect(FileManager.default.fileExists(atPath: spool.path + "/journal/tick"))
    }

    @Test func `every message has its envelope and its own contents`() throws {
        let spool = try ScratchSpool()
        let recipients: [Any] = [
            "Åsa Öberg <asa@example.com>", ["address": "bo@example.com", "name": "Bo", "club": "Nord"],
        ]
        let text =
            "{{ name }} {{ address }} {{ club | default: \"friend\" }} {{ \"{{\" }}\n\n\(Draft.lastWords)\n"
        let draft = Draft([]).with("recipients", recipients).with("text", text)
            .with("subject", "Årsmöte för {{ name }}").with("returnPath", "bounce@example.org")
            .with("replyTo", ["board@example.org", "Chair <chair@example.org>"])
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: ["asa@example.com", "bo@example.com"])
        for submission in try spool.sink.submissions {
            let message = try spool.sink.message(submission)
            #expect(submission.returnPath == "bounce@example.org")
            #expect(message["From"]?.contains("club@example.org") == true)
            #expect(message["To"]?.contains(submission.recipient) == true)
            #expect(message["Reply-To"]?.contains("chair@example.org") == true)
            #expect(message["Message-ID"] == submission.messageID && message["Date"] != nil)
            #expect(message["MIME-Version"] == "1.0" && message["Bcc"] == nil)
            for field in ["From", "To", "Subject", "Date", "Message-ID", "Content-Type"] {
                #expect(message.count(field) == 1, "\(field)")
            }
            #expect(message["Subject"]?.hasPrefix("=?") == true)
            let isBo = submission.recipient.hasPrefix("bo")
            let line = isBo ? "Bo bo@example.com Nord {{" : "Åsa Öberg asa@example.com friend {{"
            #expect(message.body.hasPrefix(line), "\(message.body)")
        }
    }

    @Test func `a mailing that a person puts into active starts before its time`() throws {
        let spool = try ScratchSpool()
        let draft = Draft(3).with("sendAt", rfc3339(Date.now.addingTimeInterval(86400)))
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == 0)
        #expect(try spool.status(of: "news").waitingFor == "sendAt")
        #expect(spool.move("news", from: .scheduled, to: .active))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(3))
    }

    @Test func `in paused nothing is sent, and a mailing that waits again waits for its time`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1s", "most": "1s"]])
        try spool.drop(Draft(2), as: "now", in: .paused)
        try spool.drop(
            Draft(2).with("sendAt", rfc3339(Date.now.addingTimeInterval(86400))), as: "later", in: .paused)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == 0)
        let paused = try spool.status(of: "now")
        #expect(paused.state == "paused" && paused.waiting == 2)
        spool.move("now", from: .paused, to: .scheduled)
        spool.move("later", from: .paused, to: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2))
        #expect(spool.folders(of: "now") == [.done] && spool.folders(of: "later") == [.scheduled])
    }

    @Test func `a mailing that is moved to done is cancelled, with its counts`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r2@* exit=75", "r3@* exit=67")
        try spool.drop(Draft(4), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.status(of: "news").state == "active")
        #expect(spool.move("news", from: .active, to: .done))
        #expect(try spool.tick().isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.cancelled && mailing.state == "done")
        #expect(mailing.sent == 2 && mailing.failed == 1 && mailing.sum == 4)
        #expect(try spool.sink.count == 4)
        try expectDocument(spool, "news", in: .done, is: original)
    }

    @Test func `a mailing that never began can be cancelled too`() throws {
        let spool = try ScratchSpool()
        try spool.drop(
            Draft(3).with("sendAt", rfc3339(Date.now.addingTimeInterval(86400))), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        #expect(spool.move("news", from: .scheduled, to: .done))
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == 0)
        let mailing = try spool.status(of: "news")
        #expect(mailing.cancelled && mailing.sent == 0 && mailing.sum == mailing.recipients)
    }

    @Test(arguments: [ScratchSpool.Folder.active, .scheduled])
    func `sent again, it goes to those who have not got it and to new ones`(
        folder: ScratchSpool.Folder
    ) throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@* exit=67 times=1")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        let first = try spool.status(of: "news")
        #expect(first.state == "done" && first.failed == 1 && first.sent == 2)
        try spool.overwrite("done/news.json", with: try Draft(4).json)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == 3)
        #expect(spool.move("news", from: .done, to: folder))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(4))
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 4 && mailing.failed == 0 && mailing.sum == 4 && mailing.state == "done")
        #expect(!mailing.cancelled)
    }

    @Test func `a mailing that is edited in place keeps the progress of each address`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r3@* exit=75 times=1")
        try spool.drop(Draft(3), as: "news", in: .active)
        #expect(try spool.tick().ending == .exited(0))
        #expect(spool.move("news", from: .active, to: .paused))
        // r1 goes, r4 comes, the order changes.
        let edited = Draft(["r4@example.com", "R3@example.com", "r2@example.com"])
        try spool.overwrite("paused/news.json", with: try edited.json)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == 3)
        #expect(spool.move("news", from: .paused, to: .active))
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted.sorted() == ["r1@example.com", "r2@example.com", "r4@example.com"])
        let mailing = try spool.status(of: "news")
        #expect(
            mailing.formerSent == 1 && mailing.sent == 2 && mailing.deferred == 1 && mailing.recipients == 3)
        #expect(mailing.sum == 3)
    }

    @Test(arguments: [ScratchSpool.Folder.paused, .scheduled])
    func `edited while it lies still, its numbers are those of the document as it is`(
        folder: ScratchSpool.Folder
    ) throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r3@* exit=75")
        let draft = Draft(4).with("sendAt", rfc3339(Date.now.addingTimeInterval(86400)))
        try spool.drop(draft, as: "news", in: .active)
        #expect(try spool.tick().ending == .exited(0))
        #expect(spool.move("news", from: .active, to: folder))
        #expect(try spool.tick().isSilentSuccess)
        // r1 goes, two come.
        let others = ["r2", "r3", "r4", "r5", "r6"].map { "\($0)@example.com" }
        try spool.overwrite("\(folder.rawValue)/news.json", with: try draft.with("recipients", others).json)
        #expect(try spool.tick().isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.recipients == 5 && mailing.sum == 5, "\(mailing)")
        #expect(
            mailing.sent == 2 && mailing.deferred == 1 && mailing.waiting == 2 && mailing.formerSent == 1,
            "\(mailing)")
        #expect(try spool.sink.count == 4)
    }

    @Test func `an editor that replaces the file in its folder changes nothing either`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r3@* exit=75 times=1")
        try spool.drop(Draft(3), as: "news", in: .active)
        #expect(try spool.tick().ending == .exited(0))
        try spool.replace("active/news.json", with: try Draft(4).json)
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted.sorted() == ["r1", "r2", "r4"].map { "\($0)@example.com" })
        // The new file is known by now, so it may be moved.
        #expect(spool.move("news", from: .active, to: .paused))
        #expect(try spool.tick().isSilentSuccess)
        try spool.replace("paused/news.json", with: try Draft(5).json)
        #expect(try spool.tick().isSilentSuccess)
        #expect(spool.move("news", from: .paused, to: .active))
        #expect(try spool.tick().ending == .exited(0))
        #expect(
            try spool.sink.accepted.sorted() == ["r1", "r2", "r4", "r5"].map { "\($0)@example.com" })
    }

    @Test func `edited during the delivery it reaches everybody in the new list once`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("* before=40")
        try spool.drop(Draft(60), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("some messages") { try spool.sink.count >= 6 }
        try spool.replace("active/news.json", with: try Draft(80).json)
        #expect(tick.wait().ending == .exited(0))
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(80))
    }
}
