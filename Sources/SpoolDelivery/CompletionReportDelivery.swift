internal import SpoolMail
package import SpoolSchedule
internal import SpoolStore
package import SpoolSystem
internal import SpoolText
internal import SpoolTransport

/// Hands reports over, one at a time, beside the messages to recipients: a report takes none of their places, so that
/// one whose hand-over hangs holds no mailing up.
package final class CompletionReportDelivery {
    private let transport: any Transport
    private let surroundings: Surroundings
    private var underWay: CompletionReportAttempt?
    private var ended: CompletionReportAttempt?
    /// Whether a report was accepted in this tick.
    package private(set) var hasAccepted = false

    /// By which the transport names the report that is under way.
    static let ticket = 0

    init(_ transport: any Transport, in surroundings: Surroundings) {
        self.transport = transport
        self.surroundings = surroundings
    }

    /// The mailing whose report is being handed over.
    package var mailing: String? { underWay?.history.mailing }

    /// Whether anything may be handed over: not as long as what a killed tick has left behind is at it.
    package func mayHandOver(at moment: Moment) throws(SystemError) -> Bool {
        try transport.isReady(at: moment)
    }

    /// Writes the intent down, and then hands the report over.
    ///
    /// - Throws: also that the machine lacks what it takes; the report is then as it was before.
    package func handOver(_ report: CompletionReportAttempt, at moment: Moment) throws(SystemError) {
        try report.announce(at: moment.wall)
        underWay = report
        let answer: TransportAnswer?
        do throws(TransportFailure) {
            answer = try transport.begin(report.message, ticket: CompletionReportDelivery.ticket)
        } catch {
            switch error {
            case .unavailable(let reason):
                answer = TransportAnswer(.notNow, status: "not-started", reply: PlainText.clean(reason))
            case .shortage(let error):
                underWay = nil
                ended = report
                try report.withdraw(at: moment.wall)
                throw error
            case .system(let error): throw error
            }
        }
        if let answer { try conclude(answer, at: moment) }
    }

    /// Writes down what came of the report that is under way.
    func conclude(_ answer: TransportAnswer, at moment: Moment) throws(SystemError) {
        guard let report = underWay else { return }
        underWay = nil
        if answer.verdict == .accepted { hasAccepted = true }
        ended = report
        try report.conclude(answer, at: moment.wall, random: surroundings.chance())
    }

    /// The attempt that has ended since the last call.
    package func takeEnded() -> CompletionReportAttempt? {
        defer { ended = nil }
        return ended
    }
}
