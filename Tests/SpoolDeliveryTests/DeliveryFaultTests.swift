import Glibc
@testable import SpoolDelivery
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTransport
import TestSupport
import Testing

/// A delivery in which each system call fails in turn, once and for good.
struct DeliveryFaultTests {
    /// Three recipients, of whom nobody is to be mailed twice.
    private struct Subject {
        let spool: TestSpool
        let clock = TestClock()
        let transport: ScriptedTransport
        let delivery: TestDelivery
        let document: FoundDocument

        init() throws {
            spool = try TestSpool()
            transport = ScriptedTransport(clock) { handOver in
                switch handOver.recipient {
                case "r1@example.org": .accepts
                case "r2@example.org": .answers(.accepted, after: .milliseconds(20))
                default: .answersAtOnce(.of(.refused))
                }
            }
            delivery = TestDelivery(spool, transport, clock)
            document = try spool.drop("news", to: TestSpool.people(3))
        }

        /// A tick, as it ends when a call fails.
        func deliver() throws {
            do {
                let mailing = try delivery.begin(document)
                try delivery.run()
                mailing.writeCountsIfChanged(at: clock.now.wall)
                _ = try delivery.dispatcher.end(mailing)
            } catch {
                delivery.endAfterError()
                throw error
            }
        }
    }

    /// The calls that bring a journal to the disk.
    private static let writing: Set<SystemCall> = [.write, .fdatasync, .fallocate, .ftruncate]

    @Test func `whatever fails, a second copy goes to nobody, and nobody is forgotten`() throws {
        var callsOfWriting: Set<SystemCall> = []
        let strikes = try sweepFaults([.error(EIO)], prepare: Subject.init) {
            try $0.deliver()
        } check: {
            subject, outcome in
            let handedOver = Set(subject.transport.recipients)
            #expect(subject.transport.log.count == handedOver.count, "\(outcome)")
            let known = try subject.spool.progress(subject.document, at: subject.clock.now.wall)
                .mapValues(\.state.leftByKill)
            let inDoubt = known.filter { $0.value == .inDoubt }
            for address in handedOver {
                let state = try #require(known[address])
                #expect(
                    [.sent, .failed, .inDoubt].contains(state), "\(address) is \(state) after \(outcome)")
            }
            #expect(inDoubt.count <= 2, "\(outcome)")
            if let call = outcome.struck.first?.call, Self.writing.contains(call) {
                callsOfWriting.insert(call)
                if case .once = outcome.fault.span { #expect(inDoubt.isEmpty, "\(outcome)") }
            }
            // The next tick, on a disk that works; doubts are for a person.
            let transport = ScriptedTransport(subject.clock) { handOver in
                handOver.recipient == "r3@example.org" ? .answersAtOnce(.of(.refused)) : .accepts
            }
            let next = TestDelivery(subject.spool, transport, subject.clock)
            let mailing = try next.begin(subject.document, holdsInDoubt: true)
            try next.run()
            let again = handedOver.intersection(transport.recipients)
            #expect(again.isEmpty, "\(again) after \(outcome)")
            #expect(mailing.left == inDoubt.count && mailing.held == inDoubt.count, "\(outcome)")
            #expect(try next.dispatcher.end(mailing), "\(outcome)")
        }
        #expect(strikes > 50)
        #expect(callsOfWriting == Self.writing)
    }

    @Test func `a round whose intents do not come to the disk is taken back, and hands nothing over`() throws
    {
        for call in [SystemCall.write, .fdatasync, .fallocate] {
            let subject = try Subject()
            let mailing = try subject.delivery.begin(subject.document)
            let before = mailing.progress
            let trace = SystemCallTrace(Fault(call, .error(ENOSPC)))
            #expect(throws: SystemError.self, "\(call)") { try trace.run { try subject.delivery.fill() } }
            #expect(subject.transport.log.isEmpty, "\(call)")
            #expect(mailing.progress == before, "\(call)")
            subject.delivery.endAfterError()
            #expect(
                try subject.spool.progress(subject.document, at: subject.clock.now.wall) == before, "\(call)")
        }
    }

    @Test func `what has begun when the machine fails is written down when it ends`() throws {
        let subject = try Subject()
        let error = SystemError(call: "pwrite", path: "handover", code: EIO)
        subject.transport.react { _ in .breaks(error, answers: .accepted, after: .seconds(3)) }
        let mailing = try subject.delivery.begin(subject.document)
        #expect(throws: error) { try subject.delivery.fill() }
        #expect(mailing.states == [.sending, .waiting, .waiting])
        subject.delivery.endAfterError()
        #expect(mailing.states == [.sent, .waiting, .waiting])
        #expect(
            try subject.spool.journal("news", only: .attempt, .sent, .withdrew) == [
                "try r1@example.org 1 waiting", "try r2@example.org 1 waiting",
                "withdrew r2@example.org waiting", "sent r1@example.org",
            ])
    }
}
