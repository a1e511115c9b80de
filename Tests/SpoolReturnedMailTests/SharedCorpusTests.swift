import Foundation
import SpoolMail
@testable import SpoolReturnedMail
import Testing

/// The large corpus beside the clone, against the opinions of a widely used analyser. Its numbers are the promise of the
/// manual; where we differ knowingly is said at each.
@Suite(.enabled(if: Corpora.sharedIsExpected)) struct SharedCorpusTests {
    private struct Opinion: Decodable {
        let file: String
        let recipient: String
        let reason: String
        let hardbounce: String
        let feedbacktype: String
    }

    private struct Corpus {
        let judged: [String: ReturnedMessage]
        let opinions: [String: [Opinion]]

        init() throws {
            let messages = try Corpora.messages(in: SharedCorpusTests.folder).map {
                ($0.name, ReturnedMessage($0.bytes))
            }
            judged = Dictionary(uniqueKeysWithValues: messages)
            let file = SharedCorpusTests.folder.appendingPathComponent("truth.jsonl")
            let all = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
                try JSONDecoder().decode(Opinion.self, from: Data($0.utf8))
            }
            opinions = Dictionary(grouping: all, by: \.file)
        }
    }

    private static let folder = Corpora.shared.appendingPathComponent("corpora/returns")
    /// Read once for all tests.
    private static let corpus = Result { try Corpus() }

    private let judged: [String: ReturnedMessage]
    private let opinions: [String: [Opinion]]

    init() throws {
        let corpus = try Self.corpus.get()
        (judged, opinions) = (corpus.judged, corpus.opinions)
    }

    /// Opinions that one may differ from.
    private static let doubtful: Set<String> = ["filtered", "rejected", "onhold", "undefined"]
    /// What is the sender's fault.
    private static let sendersFault: Set<String> = [
        "authfailure", "spamdetected", "policyviolation", "badreputation", "blocked", "requireptr",
        "mesgtoobig",
        "exceedlimit", "toomanyconn", "securityerror", "virusdetected", "contenterror", "norelaying",
        "ratelimited",
    ]

    /// Of messages on which the analyser has none, those of RFC 3834 are automatic replies, and the others reports that it
    /// does not know.
    private func kind(_ opinion: Opinion) -> ReturnedMessage.Kind {
        switch opinion.reason {
        case "feedback": opinion.feedbacktype == "opt-out" ? .unsubscribe : .complaint
        case "": opinion.file.hasPrefix("rfc3834") ? .autoReply : .bounce
        default: .bounce
        }
    }

    private var bounces: [(opinion: Opinion, message: ReturnedMessage)] {
        opinions.values.joined().filter { $0.reason != "" && $0.reason != "feedback" }.compactMap { opinion in
            judged[opinion.file].map { (opinion, $0) }
        }
    }

    private func recipient(_ opinion: Opinion, in message: ReturnedMessage) -> ReturnedMessage.Recipient? {
        message.recipients.first { $0.address == opinion.recipient.lowercased() }
    }

    @Test func `the kind is right for 99 of 100 messages`() {
        let wrong = opinions.values.compactMap(\.first).filter { judged[$0.file]?.kind != kind($0) }.map(
            \.file)
        #expect(opinions.count >= 290)
        #expect(wrong.count * 100 <= opinions.count, "\(wrong.sorted())")
    }

    @Test func `the recipient is right for 97 of 100 bounces`() {
        let wrong = bounces.filter { recipient($0.opinion, in: $0.message) == nil }.map(\.opinion.file)
        #expect(wrong.count * 100 <= bounces.count * 3, "\(wrong.sorted())")
    }

    @Test func `hard or not is right for 96 of 100 bounces`() {
        let certain = bounces.filter { !Self.doubtful.contains($0.opinion.reason) }
        let wrong = certain.filter { bounce in
            let isHard = recipient(bounce.opinion, in: bounce.message)?.meaning == .hard
            return isHard != (bounce.opinion.hardbounce == "1")
        }
        #expect(certain.count >= 200)
        #expect(wrong.count * 100 <= certain.count * 4, "\(wrong.map(\.opinion.file).sorted())")
    }

    @Test func `nothing that is the sender's fault is hard`() {
        let faults = bounces.filter { Self.sendersFault.contains($0.opinion.reason) }
        let wrong = faults.filter { fault in fault.message.recipients.contains { $0.meaning == .hard } }
        // A message to several may be hard for another of them.
        let alone = wrong.filter { opinions[$0.opinion.file]?.count == 1 }
        #expect(faults.count >= 60)
        #expect(alone.map(\.opinion.file) == [])
        #expect(wrong.allSatisfy { recipient($0.opinion, in: $0.message)?.meaning != .hard })
    }

    @Test func `no automatic reply and nothing from a person says anything of anybody`() {
        let silent = judged.values.filter { $0.kind == .autoReply || $0.kind == .other }
        #expect(silent.count >= 4)
        #expect(silent.allSatisfy { $0.recipients.isEmpty })
    }

    @Test func `every message is judged the same with CRLF`() throws {
        for (name, bytes) in try Corpora.messages(in: Self.folder).prefix(60) {
            let unix = bytes.filter { $0 != 0x0D }
            let internet = unix.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
            #expect(ReturnedMessage(unix).summary == ReturnedMessage(internet).summary, "\(name)")
        }
    }
}
