import Foundation
import SpoolConsole
import SpoolMail
import SpoolSchedule
@testable import SpoolReturns
import SpoolStore
import SpoolSystem
import TestSupport
import Testing

/// A spool with a key and mailings that were sent, to which things come back.
final class ReturnsSpool: Sendable {
    static let mailing = "0123456789abc"
    static let start = Timestamp(milliseconds: 1_795_485_600_000)
    static let people = ["anna@example.org", "bo@example.org", "cyd@example.org"]

    let spool: TestSpool
    let key: SigningKey

    init(_ people: [String] = ReturnsSpool.people) throws {
        spool = try TestSpool()
        let text = String(repeating: "0123456789abcdef", count: 4) + "\n"
        try spool.files.write("journal/key", text.utf8)
        key = try #require(SigningKey.keys(inFile: text)?.first)
        for folder in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(spool.files.path)/returns/\(folder)", withIntermediateDirectories: true)
        }
        try send("news", Self.mailing, to: people)
    }

    /// Writes the journal of a mailing that everybody was sent, but those whom the mail system refused.
    func send(
        _ name: String, _ id: String, to people: [String], refused: [String: String] = [:],
        topic: String? = nil, at time: Timestamp = ReturnsSpool.start
    ) throws {
        var bytes = JournalText.line(.opened, "1 \(id)", at: time)
        if let topic { bytes += JournalText.line(.about, #"{"topic":"\#(topic)"}"#, at: time) }
        for address in people {
            bytes += JournalText.line(.attempt, "\(address) 1 waiting", at: time)
            if let reply = refused[address] {
                bytes += JournalText.line(.failed, "\(address) 67 \(reply)", at: time)
            } else {
                bytes += JournalText.line(.sent, address, at: time)
            }
        }
        try spool.files.write("journal/\(name).journal", bytes)
    }

    func token(
        _ purpose: RecipientToken.Purpose, _ address: String, _ mailing: String = ReturnsSpool.mailing
    ) throws -> String {
        try #require(RecipientToken(purpose, mailing: mailing, address: address, key: key)).description
    }

    /// A report of one recipient, to the bounce address of somebody.
    func bounce(
        _ address: String, to token: String? = nil, status: String = "5.1.1",
        reply: String = "550 5.1.1 User unknown", mailing: String = ReturnsSpool.mailing
    ) throws -> String {
        """
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.net
        To: bounce+\(try token ?? self.token(.bounce, address, mailing))@example.com
        Subject: Undelivered
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net

        Final-Recipient: rfc822; \(address)
        Action: failed
        Status: \(status)
        Diagnostic-Code: smtp; \(reply)

        --b--

        """
    }

    func deliver(_ name: String, _ text: String, in folder: String = "new") throws {
        try spool.files.write("returns/\(folder)/\(name)", text.utf8)
    }

    func configure(_ returns: String) throws {
        try spool.write("config.json", #"{"returns": \#(returns)}"#)
    }

    /// Runs `spool-returns`; what it said, and what it ended with.
    @discardableResult
    func run(at time: Timestamp = ReturnsSpool.start + .hours(1)) throws -> (
        said: [String], status: SpoolConsole.ExitStatus
    ) {
        var said: [String] = []
        let made = try ReturnsWorker(spool.directory, at: time) { said.append($0) }
        let worker = try #require(made)
        let status = try worker.run { _ in }.0
        return (said, status)
    }

    /// The same, where all is to be well.
    func runWell(at time: Timestamp = ReturnsSpool.start + .hours(1)) throws {
        let (said, status) = try run(at: time)
        #expect(said == [])
        #expect(status == .ok)
    }

    /// Does what `spool-returns --block` and `--unblock` do.
    func change(_ arguments: String...) throws -> SpoolConsole.ExitStatus {
        let options = try Arguments(
            arguments, known: ["block": .optionalValue, "unblock": .optionalValue, "mailing": .value],
            operand: "the spool")
        do {
            return try BlockChange(options).carryOut(in: spool.directory)
        } catch let failure as CommandFailure {
            return failure.status
        }
    }

    /// The lines of a journal without checksum and time, and without the numbers.
    func lines(_ journal: String) throws -> [String] {
        let path = "\(spool.files.path)/journal/\(journal)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map { String($0.dropFirst(34)) }.filter {
            !$0.hasPrefix("counts ")
        }
    }

    /// The last numbers of a journal.
    func counts(_ journal: String) throws -> String? {
        let path = "\(spool.files.path)/journal/\(journal)"
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").last.map {
            String($0.dropFirst(34))
        }
    }

    /// Who is blocked now, of the mailing's people.
    func blocked(_ people: [String] = ReturnsSpool.people) throws -> [String] {
        var journal = BlockedJournal()
        #expect(try journal.update(in: spool.directory.journal) == nil)
        return try people.filter { journal.addresses.isBlocked(try EmailAddress($0)) }
    }

    func left(_ people: [String] = ReturnsSpool.people, topic: String? = nil) throws -> [String] {
        var journal = BlockedJournal()
        #expect(try journal.update(in: spool.directory.journal) == nil)
        return try people.filter { journal.addresses.hasLeft(try EmailAddress($0), topic: topic) }
    }
}
