import Foundation
import Testing

/// Checks what holds after every delivery: each recipient was handed over and accepted at least once, nobody else
/// was; copies beyond the first are at most `copies`, under the same Message-ID, which nobody else's message has;
/// every message was whole and had its intent in the journal.
func expectDelivered(
    _ spool: ScratchSpool, to recipients: [String], copies allowed: Int = 0, mailings: Int = 1,
    location: SourceLocation = #_sourceLocation
) throws {
    let accepted = try spool.sink.submissions.filter(\.isAccepted)
    let groups = Dictionary(grouping: accepted, by: \.recipient)
    let missing = recipients.filter { groups[$0] == nil }
    let strangers = groups.keys.filter { !recipients.contains($0) }
    #expect(missing.isEmpty, "nobody mailed \(missing.prefix(5))", sourceLocation: location)
    #expect(strangers.isEmpty, "mailed \(strangers.prefix(5))", sourceLocation: location)
    let copies = accepted.count - recipients.count * mailings
    #expect(
        copies <= allowed, "\(copies) copies: \(groups.filter { $0.value.count > mailings }.keys.sorted())",
        sourceLocation: location)
    for (recipient, group) in groups where Set(group.map(\.messageID)).count != mailings {
        Issue.record("\(recipient) got \(group.map(\.messageID))", sourceLocation: location)
    }
    #expect(
        Set(accepted.map(\.messageID)).count == groups.count * mailings, "one Message-ID for two",
        sourceLocation: location)
    try expectWhole(spool, location: location)
}

/// Checks that no message was truncated or empty or came before its intent, whatever became of it.
func expectWhole(_ spool: ScratchSpool, location: SourceLocation = #_sourceLocation) throws {
    for submission in try spool.sink.submissions {
        #expect(submission.verdict == "ok", "to \(submission.recipient)", sourceLocation: location)
        #expect(submission.intent != "no", "to \(submission.recipient)", sourceLocation: location)
        let body = try spool.sink.message(submission).body
        #expect(
            body.contains(Draft.lastWords) && body.contains(submission.recipient),
            "to \(submission.recipient): \(body)", sourceLocation: location)
    }
}

/// Checks that a document lies in one folder alone, byte for byte as it was.
func expectDocument(
    _ spool: ScratchSpool, _ name: String, in folder: ScratchSpool.Folder, is original: Data,
    location: SourceLocation = #_sourceLocation
) throws {
    #expect(spool.folders(of: name) == [folder], sourceLocation: location)
    guard spool.folders(of: name).contains(folder) else { return }
    #expect(try spool.contents(of: name, in: folder) == original, sourceLocation: location)
}

/// Numbers that look random and can be had again by their seed.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A seed that is new in every run and printed, or the one that `SPOOL_SEED` gives.
    static func announced(_ what: String) -> SeededNumbers {
        let given = ProcessInfo.processInfo.environment["SPOOL_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0..<1_000_000)
        print("\(what): seed \(seed)")
        return SeededNumbers(seed: seed)
    }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
