@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
import Testing

struct OpenDeferralsTests {
    private let now = Timestamp(milliseconds: 1_795_460_400_000)

    @Test func `a first deferral is a newcomer's until something of the mailing is accepted`() {
        var deferrals = OpenDeferrals()
        deferrals.deferred(7, .notNow, isFirst: true)
        deferrals.deferred(3, .unclear, isFirst: true)
        deferrals.deferred(5, .unclear, isFirst: false)
        #expect(deferrals.newcomers == [3, 7])
        deferrals.ended(3)
        #expect(deferrals.newcomers == [7])
        #expect(deferrals.accepted().isEmpty, "nobody was excused")
        #expect(deferrals.newcomers.isEmpty)
    }

    @Test func `an excuse gives back what the deferral had counted, once`() {
        var deferrals = OpenDeferrals()
        deferrals.deferred(1, .unclear, isFirst: true)
        #expect(deferrals.excuse(of: 1) == .excused(.unclear, isFirst: true))
        deferrals.excuse(1, at: now)
        #expect(deferrals.newcomers.isEmpty)
        #expect(deferrals.excuse(of: 1) == .excused(.notNow, isFirst: false))
    }

    @Test func `whoever was excused answers for it once the mail system accepts something`() {
        var deferrals = OpenDeferrals()
        for index in 1...3 {
            deferrals.deferred(index, .notNow, isFirst: true)
            deferrals.excuse(index, at: now + .minutes(Int64(index)))
        }
        #expect(deferrals.accepted(elsewhere: now + .minutes(2)) == [1], "only what came before")
        #expect(deferrals.accepted(elsewhere: now + .minutes(2)).isEmpty)
        deferrals.deferred(2, .notNow, isFirst: true)
        #expect(deferrals.accepted() == [3], "two has another deferral, which counts already")
    }

    @Test func `a recipient's progress forgets an excused deferral, and keeps those before it`() {
        var progress = RecipientProgress()
        func attempt(at time: Timestamp, until: Timestamp, _ kind: RecipientEvent.DeferralKind) {
            progress.apply(.attempt(number: progress.attempts + 1, from: progress.state), at: time)
            progress.apply(.deferred(until: until, kind, status: "75", reply: ""), at: time)
        }
        attempt(at: now, until: now + .minutes(5), .unclear)
        #expect(progress.hasOwnDeferral && progress.firstAttemptTime == now && progress.unclearAttempts == 1)
        progress.apply(.excused(.unclear, isFirst: true), at: now)
        #expect(!progress.hasOwnDeferral && progress.firstAttempt == nil && progress.unclearAttempts == 0)
        #expect(progress.attempts == 1 && progress.state == .deferred)
        let second = now + .hours(1)
        attempt(at: second, until: second, .notNow)
        attempt(at: now + .hours(2), until: second, .unclear)
        progress.apply(.excused(.unclear, isFirst: false), at: now + .hours(2))
        #expect(
            progress.hasOwnDeferral && progress.firstAttemptTime == second && progress.unclearAttempts == 0)
        progress.shift(by: .hours(-1))
        #expect(progress.firstAttemptTime == now)
        progress.beginAnew()
        #expect(progress == RecipientProgress(state: .deferred, nextRetry: progress.nextRetry))
    }
}
