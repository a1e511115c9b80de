@testable import SpoolExamine
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
import TestSupport
import Testing

/// The machine of a document as tables: what a look sees in which stage, what follows, and what is known afterwards.
struct DocumentStateTests {
    private let examples: ExaminationExamples

    init() throws { examples = try ExaminationExamples() }

    // MARK: Looks

    /// A row for each stage and folder, a column for each standing. Lower case: what is done; a word of a journal's use
    /// means that the document is examined with it.
    private static let table = """
                              continues   new         displacing  waits       conflict    over      unknown     returned    unfamiliar
        unjudged   scheduled  counted     newIfDue    newIfDue    none        none        none      forecast    forecast    compared
        unjudged   active     replayed    new         new         none        none        none      forecast    forecast    compared
        unjudged   paused     counted     none        none        none        none        none      forecast    none        compared
        examining  scheduled  wait        wait        wait        wait        wait        wait      wait        wait        wait
        examining  active     wait        wait        wait        wait        wait        wait      wait        wait        wait
        examining  paused     wait        wait        wait        wait        wait        wait      wait        wait        wait
        reexamined scheduled  wait        wait        wait        wait        wait        wait      wait        wait        wait
        reexamined active     wait        wait        wait        wait        wait        wait      wait        wait        wait
        reexamined paused     wait        wait        wait        wait        wait        wait      wait        wait        wait
        young      scheduled  until       until       until       until       until       until     until       until       until
        young      active     until       until       until       until       until       until     until       until       until
        young      paused     until       until       until       until       until       until     until       until       until
        settled    scheduled  counted     newIfDue    newIfDue    none        none        none      forecast    forecast    compared
        settled    active     replayed    new         new         none        none        none      forecast    forecast    compared
        settled    paused     counted     none        none        none        none        none      forecast    none        compared
        wrong      scheduled  wait        wait        wait        wait        wait        wait      wait        wait        wait
        wrong      active     wait        wait        wait        wait        wait        wait      wait        wait        wait
        wrong      paused     wait        wait        wait        wait        wait        wait      wait        wait        wait
        judged     scheduled  start       start       startAside  wait        wait        wait      forecast    forecast    wait
        judged     active     replayed    new         new         wait        wait        wait      forecast    forecast    wait
        judged     paused     wait        wait        wait        wait        wait        wait      forecast    wait        wait
        prepared   scheduled  start       start       startAside  wait        wait        wait      forecast    forecast    wait
        prepared   active     deliver     deliver     deliverAside wait       wait        wait      forecast    forecast    wait
        prepared   paused     wait        wait        wait        wait        wait        wait      forecast    wait        wait
        delivering scheduled  start       start       startAside  wait        wait        wait      forecast    forecast    wait
        delivering active     wait        wait        wait        wait        wait        wait      forecast    forecast    wait
        delivering paused     wait        wait        wait        wait        wait        wait      forecast    wait        wait
        """

    struct Cell: CustomTestStringConvertible {
        let stage: String
        let folder: Folder
        let standing: String
        let action: String
        var testDescription: String { "\(stage) \(folder) \(standing)" }
    }

    static let cells: [Cell] = {
        let rows = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return rows.dropFirst().flatMap { row in
            zip(rows[0], row.dropFirst(2)).compactMap { standing, action in
                Folder(rawValue: row[1]).map {
                    Cell(stage: row[0], folder: $0, standing: standing, action: action)
                }
            }
        }
    }()

    private static func standing(_ name: String) -> Lifecycle.Standing {
        switch name {
        case "continues": .continues
        case "new": .new(displacing: false)
        case "displacing": .new(displacing: true)
        case "waits": .waits
        case "conflict": .conflict(.activeAndPaused)
        case "unknown": .conflict(.unrecognised(MailingHistory()))
        case "returned": .returned(MailingHistory())
        case "unfamiliar": .unfamiliar([:])
        default: .over
        }
    }

    /// Half a document was written now, and is looked at again in ten seconds.
    private static let young = ExaminationExamples.now + .seconds(10)

    /// A state that has come to a stage, and when it is looked at next.
    private func state(_ stage: String, in folder: Folder) throws -> (state: DocumentState, now: Timestamp) {
        let now = ExaminationExamples.now
        let document = examples.document(in: folder, modified: now)
        var state = DocumentState(document, remembered: nil, judgedBy: "", context: "context")
        let standing = Lifecycle.Standing.new(displacing: false)
        func examine(_ example: ExaminationExamples.Kind) throws {
            _ = state.look(sight(document, standing, at: now))
            take(try examples.examination(example, of: document), into: &state)
        }
        switch stage {
        case "unjudged": break
        case "examining": _ = state.look(sight(document, standing, at: now))
        case "reexamined":
            state = DocumentState(
                document, remembered: examples.remembered(document), judgedBy: "context", context: "context")
            let active = examples.document(in: .active, modified: now)
            _ = state.look(sight(active, standing, at: now))
            #expect(state.isBeingExamined && state.isJudged)
        case "young": try examine(.half)
        case "settled":
            try examine(.half)
            return (state, Self.young)
        case "wrong": try examine(.wrong)
        case "judged": try examine(.counted)
        case "prepared": try examine(.listed)
        default:
            try examine(.listed)
            state.delivered()
        }
        return (state, now)
    }

    private func take(_ found: Examination, into state: inout DocumentState) {
        let isTaken = state.examined(found)
        #expect(isTaken)
    }

    private func sight(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, context: String = "context",
        hasSameFiles: Bool = true,
        isInFlight: Bool = false, at now: Timestamp
    ) -> DocumentState.Sight {
        DocumentState.Sight(
            document: document, spool: "/var/spool", standing: standing, context: context,
            hasSameFiles: hasSameFiles,
            isInFlight: isInFlight, now: now)
    }

    @Test(arguments: cells)
    func `a look leads to one action, and only an examination to another stage`(cell: Cell) throws {
        var (state, now) = try state(cell.stage, in: cell.folder)
        let before = (stage: state.stage.text, isJudged: state.isJudged)
        let document = examples.document(in: cell.folder, modified: ExaminationExamples.now)
        let action = state.look(sight(document, Self.standing(cell.standing), at: now))
        #expect(action.text == (cell.action == "until" ? "until \(Self.young.rfc3339)" : cell.action))
        let isExamined = ["none", "counted", "new", "newIfDue", "replayed", "forecast", "compared"].contains(
            action.text)
        #expect(state.stage.text == (isExamined ? "examining, judged \(before.isJudged)" : before.stage))
        // What was judged stands while it is being judged again.
        #expect(state.isJudged == before.isJudged)
    }

    @Test(arguments: cells)
    func `what was judged by something else is judged anew`(cell: Cell) throws {
        let fresh = try #require(
            Self.cells.first {
                $0.stage == "unjudged" && $0.folder == cell.folder && $0.standing == cell.standing
            })
        for (context, hasSameFiles) in [("other", true), ("context", false), ("other", false)] {
            var (state, now) = try state(cell.stage, in: cell.folder)
            let isExamining = state.isBeingExamined
            let document = examples.document(in: cell.folder, modified: ExaminationExamples.now)
            let action = state.look(
                sight(
                    document, Self.standing(cell.standing), context: context, hasSameFiles: hasSameFiles,
                    at: now))
            // What is being read cannot be called back.
            #expect(action.text == (isExamining ? "wait" : fresh.action))
            #expect(state.stage.text == "examining, judged false")
            #expect(state.context == context)
        }
    }

    @Test(arguments: [
        ("unjudged", Lifecycle.Standing.continues, "none"), ("settled", .continues, "none"),
        ("unjudged", .new(displacing: false), "none"), ("judged", .continues, "wait"),
        ("prepared", .continues, "wait"), ("wrong", .continues, "wait"), ("reexamined", .continues, "wait"),
    ])
    func
        `no list is read, and none delivered by, as long as messages are in flight that it would not know of`(
            stage: String, standing: Lifecycle.Standing, action: String
        ) throws
    {
        var (state, now) = try state(stage, in: .active)
        let document = examples.document(in: .active, modified: ExaminationExamples.now)
        let before = state
        #expect(state.look(sight(document, standing, isInFlight: true, at: now)).text == action)
        // As soon as they have ended it is read.
        state = before
        if action == "none" {
            _ = state.look(sight(document, standing, isInFlight: true, at: now))
            take(try examples.examination(.counted, of: document), into: &state)
        }
        if stage == "wrong" || stage == "reexamined" { return }
        let after = state.look(sight(document, standing, at: now)).text
        #expect(["replayed", "new", "deliver"].contains(after))
    }

    @Test func `a scheduled mailing begins at its time and not before`() throws {
        let document = examples.document(in: .scheduled, modified: ExaminationExamples.now)
        let sendAt = ExaminationExamples.now + .hours(1)
        var state = DocumentState(document, remembered: nil, judgedBy: "", context: "context")
        _ = state.look(sight(document, .new(displacing: false), at: ExaminationExamples.now))
        let timed = try examples.examination(.timed, of: document)
        take(timed, into: &state)
        #expect(state.snapshot.sendAt == sendAt)
        for (ahead, expected) in [
            (Interval.hours(1), "until \(sendAt.rfc3339)"), (.milliseconds(1), "until \(sendAt.rfc3339)"),
            (.zero, "start"), (.hours(-5), "start"),
        ] {
            let action = state.look(sight(document, .new(displacing: false), at: sendAt - ahead))
            #expect(action.text == expected)
        }
        // Who has moved it to active/ wants it now.
        let active = examples.document(in: .active, modified: ExaminationExamples.now)
        #expect(state.look(sight(active, .new(displacing: false), at: ExaminationExamples.now)).text == "new")
    }

    // MARK: Examinations

    @Test(arguments: [
        (ExaminationExamples.Kind.half, "unsettled until 18:00:10", false),
        (.held, "unsettled until 18:00:06", true),
        (.unreadable, "unsettled until 18:01:01", false),
        (.wrong, "judged", false), (.counted, "judged", false), (.timed, "judged", false),
        (.listed, "prepared", false),
    ])
    func `what an examination finds is a judgement, or a matter of the moment`(
        kind: ExaminationExamples.Kind, stage: String, isHeld: Bool
    ) throws {
        let document = examples.document(in: .active, modified: ExaminationExamples.now)
        var state = DocumentState(document, remembered: nil, judgedBy: "", context: "context")
        _ = state.look(sight(document, .new(displacing: false), at: ExaminationExamples.now))
        let found = try examples.examination(kind, of: document)
        take(found, into: &state)
        #expect(state.stage.text == stage)
        #expect((state.heldByFile != nil) == isHeld)
        #expect(state.problems == found.errors)
        #expect(state.snapshot.files == found.files)
        #expect(state.snapshot.total == found.summary?.rows)
        #expect(state.snapshot.subject == found.title.subject)
        #expect(state.isJudged == !stage.hasPrefix("unsettled"))
    }

    @Test func `an examination by what does not hold any more says nothing`() throws {
        for kind in ExaminationExamples.Kind.allCases {
            let document = examples.document(in: .active, modified: ExaminationExamples.now)
            var state = DocumentState(document, remembered: nil, judgedBy: "", context: "context")
            _ = state.look(sight(document, .new(displacing: false), at: ExaminationExamples.now))
            _ = state.look(
                sight(document, .new(displacing: false), context: "other", at: ExaminationExamples.now))
            let isTaken = state.examined(try examples.examination(kind, of: document))
            #expect(!isTaken)
            #expect(state.stage.text == "unjudged" && state.problems.isEmpty && state.snapshot.total == nil)
            let again = state.look(
                sight(document, .new(displacing: false), context: "other", at: ExaminationExamples.now))
            #expect(again.text == "new")
        }
    }

    @Test func `what was counted in motion is counted again at its time`() throws {
        var (state, now) = try state("judged", in: .paused)
        state.countAgain(at: now + .seconds(1))
        let document = examples.document(in: .paused, modified: now)
        #expect(
            state.look(sight(document, .continues, at: now)).text == "until \((now + .seconds(1)).rfc3339)")
        #expect(state.heldByFile == nil)
        #expect(state.look(sight(document, .continues, at: now + .seconds(1))).text == "counted")
    }

    @Test func `a list that was read for another past is read anew`() throws {
        var (state, now) = try state("prepared", in: .active)
        state.discardList()
        let document = examples.document(in: .active, modified: now)
        #expect(state.look(sight(document, .continues, at: now)).text == "replayed")
    }

    // MARK: Deliveries

    @Test func `a delivery that was stopped is judged anew, and one that has ended is not`() throws {
        var (stopped, now) = try state("delivering", in: .active)
        var released = stopped
        #expect(stopped.isDelivering)
        stopped.stopped(for: nil)
        released.released()
        #expect(stopped.stage.text == "unjudged" && released.stage.text == "judged")
        let paused = examples.document(in: .paused, modified: now)
        #expect(stopped.look(sight(paused, .continues, at: now)).text == "counted")
        #expect(released.look(sight(paused, .continues, at: now)).text == "wait")
    }

    @Test func `a problem that only the delivery has found stands until the document is another`() throws {
        var (state, now) = try state("delivering", in: .active)
        let problem = Diagnostic("the message to recipient 2 cannot be made", hint: "correct it")
        state.stopped(for: problem)
        #expect(state.stage.text == "judged" && state.problems == [problem])
        #expect(state.unsaid == [problem])
        let document = examples.document(in: .active, modified: now)
        for _ in 0..<3 { #expect(state.look(sight(document, .continues, at: now)).text == "wait") }
        #expect(state.entry(of: document)?.errors == [problem])
        #expect(state.look(sight(document, .continues, hasSameFiles: false, at: now)).text == "replayed")
    }

    // MARK: What is said

    @Test func `errors are said once, and again when a file has changed that they may be about`() throws {
        let document = examples.document(in: .active, modified: ExaminationExamples.now)
        var state = DocumentState(document, remembered: nil, judgedBy: "", context: "context")
        func examine(_ kind: ExaminationExamples.Kind) throws {
            _ = state.look(
                sight(document, .new(displacing: false), hasSameFiles: false, at: ExaminationExamples.now))
            take(try examples.examination(kind, of: document), into: &state)
        }
        #expect(state.unsaid == nil)
        try examine(.wrong)
        #expect(state.unsaid == state.problems && !state.problems.isEmpty)
        state.noteSaid()
        #expect(state.unsaid == nil)
        try examine(.wrong)
        #expect(state.unsaid == nil)
        try examine(.counted)
        #expect(state.unsaid == [])
        state.noteSaid()
        try examine(.wrong)
        #expect(state.unsaid == state.problems && !state.problems.isEmpty)
        state.noteSaid()
        try examine(.wrongWithFile)
        #expect(state.unsaid == state.problems)
        state.noteSaid()
        // As long as it is not judged anew, what was said may still stand.
        _ = state.look(
            sight(document, .new(displacing: false), context: "other", at: ExaminationExamples.now))
        #expect(state.unsaid == nil)
    }

    @Test func `a conflict goes before errors, and is said in its turn`() throws {
        var (state, now) = try state("wrong", in: .active)
        state.noteSaid()
        let document = examples.document(in: .active, modified: now)
        let errors = state.problems
        let history = MailingHistory()
        for cause in [Lifecycle.Conflict.activeAndPaused, .unrecognised(history), .nobodyLeft(history)] {
            #expect(state.look(sight(document, .conflict(cause), at: now)).text == "wait")
            #expect(state.problems == [cause.problem(of: document, in: "/var/spool")])
            #expect(state.unsaid == state.problems)
            state.noteSaid()
            #expect(state.unsaid == nil)
            let entry = try #require(state.entry(of: document))
            #expect(entry.errors == state.problems && !entry.isJudged && entry.isSaid)
        }
        #expect(state.look(sight(document, .continues, at: now)).text == "wait")
        #expect(state.problems == errors && state.unsaid == errors)
    }

    // MARK: What the snapshot holds

    @Test func `nothing stands in the snapshot of what nothing is known of`() throws {
        let (state, _) = try state("unjudged", in: .active)
        #expect(state.entry(of: examples.document(in: .active, modified: ExaminationExamples.now)) == nil)
        let (examining, _) = try self.state("examining", in: .active)
        #expect(examining.entry(of: examples.document(in: .active, modified: ExaminationExamples.now)) == nil)
    }

    @Test(arguments: [
        ("judged", true), ("prepared", true), ("delivering", true), ("wrong", true), ("reexamined", true),
        ("young", false), ("settled", false),
    ])
    func `an entry says where the document is by now, and whether it is a judgement`(
        stage: String, isJudged: Bool
    ) throws {
        let (state, now) = try state(stage, in: .active)
        let moved = FoundDocument(
            folder: .paused, name: FileName("other"),
            version: examples.document(in: .paused, modified: now).version)
        let entry = try #require(state.entry(of: moved))
        #expect(entry.name == "other" && entry.folder == .paused && entry.version == moved.version.text)
        #expect(entry.isJudged == isJudged)
        #expect(entry.errors == state.problems && entry.isSaid == false)
        #expect(entry.total == (["wrong", "young", "settled"].contains(stage) ? nil : 2))
        // For whoever describes the delivery; what an earlier tick had written is not handed on.
        #expect(entry.waitingFor == nil && entry.next == nil)
        #expect(entry.perMinute == nil && entry.endsAt == nil)
    }

    @Test(arguments: [
        (isJudged: true, isSame: true, holds: true), (isJudged: true, isSame: false, holds: false),
        (isJudged: false, isSame: true, holds: false), (isJudged: false, isSame: false, holds: false),
    ])
    func `what an earlier tick has judged holds under the same context alone`(
        isJudged: Bool, isSame: Bool, holds: Bool
    ) throws {
        let now = ExaminationExamples.now
        let document = examples.document(in: .paused, modified: now)
        var remembered = examples.remembered(document)
        remembered.isJudged = isJudged
        remembered.errors = [Diagnostic("subject is missing", hint: "write one")]
        remembered.isSaid = true
        var state = DocumentState(
            document, remembered: remembered, judgedBy: isSame ? "context" : "other", context: "context")
        #expect(state.stage.text == (holds ? "judged" : "unjudged"))
        // What was no judgement, but a conflict, stands until it is found out anew.
        #expect(state.problems == (holds || !isJudged ? remembered.errors : []))
        // Said is said: the same error is not told again.
        #expect(state.said == remembered.errors && state.unsaid == nil)
        #expect(state.look(sight(document, .continues, at: now)).text == (holds ? "wait" : "counted"))
        // Its numbers are worth showing meanwhile.
        #expect(state.entry(of: document)?.total == 2)
    }

    @Test func `what an earlier tick has not said is said`() throws {
        let document = examples.document(in: .paused, modified: ExaminationExamples.now)
        var remembered = examples.remembered(document)
        remembered.errors = [Diagnostic("subject is missing", hint: "write one")]
        let state = DocumentState(document, remembered: remembered, judgedBy: "context", context: "context")
        #expect(state.unsaid == remembered.errors)
    }
}

extension DocumentState.Action {
    /// The action as the tables have it.
    fileprivate var text: String {
        switch self {
        case .wait(nil): "wait"
        case .wait(let time?): "until \(time.rfc3339)"
        case .examine(.compared): "compared"
        case .examine(let use): "\(use)"
        case .reopen: "reopen"
        case .start(let displacing): displacing ? "startAside" : "start"
        case .deliver(_, let displacing): displacing ? "deliverAside" : "deliver"
        }
    }
}

extension DocumentState.Stage {
    fileprivate var text: String {
        switch self {
        case .unjudged: "unjudged"
        case .examining(let isJudged): "examining, judged \(isJudged)"
        case .unsettled(let time, _): "unsettled until \(time.rfc3339.dropFirst(11).dropLast())"
        case .judged: "judged"
        case .prepared: "prepared"
        case .delivering: "delivering"
        }
    }
}
