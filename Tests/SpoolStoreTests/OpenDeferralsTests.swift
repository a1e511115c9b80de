@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
import Testing

struct OpenDeferralsTests {
    private let now = Timestamp(milliseconds: 1_795_460_400_000)

    @Test func `a first deferral is a newcomer's until something of the mailing is accepted`() {
        var deferrals = OpenDeferrals()
        deferrals.deferred(7, isUnclear: false, isFirst: true)
        deferrals.deferred(3, isUnclear: true, isFirst: true)
        deferrals.deferred(5, isUnclear: true, isFirst: false)
        #expect(deferrals.newcomers == [3, 7])
        deferrals.ended(3)
        #expect(deferrals.newcomers == [7])
        #expect(deferrals.accepted().isEmpty, "nobody was excused")
        #expect(deferrals.newcomers.isEmpty)
    }

    @Test func `an excuse gives back what the deferral had counted, once`() {
        var deferrals = OpenDeferrals()
        deferrals.deferred(1, isUnclear: true, isFirst: true)
        let first = deferrals.excuse(1, at: now)
        #expect(first.isUnclear && first.isFirst && deferrals.newcomers.isEmpty)
        let again = deferrals.excuse(1, at: now)
        #expect(!again.isUnclear && !again.isFirst)
    }

    @Test func `whoever was excused answers for it once the mail system accepts something`() {
        var deferrals = OpenDeferrals()
        for index in 1...3 {
            deferrals.deferred(index, isUnclear: false, isFirst: true)
            _ = deferrals.excuse(index, at: now + .minutes(Int64(index)))
        }
        #expect(deferrals.accepted(elsewhere: now + .minutes(2)) == [1], "only what came before")
        #expect(deferrals.accepted(elsewhere: now + .minutes(2)).isEmpty)
        deferrals.deferred(2, isUnclear: false, isFirst: true)
        #expect(deferrals.accepted() == [3], "two has another deferral, which counts already")
    }

    @Test func `a recipient's progress forgets an excused deferral, and keeps those before it`() {
        var progress = RecipientProgress()
        progress.beginAttempt(at: now)
        progress.deferred(until: now + .minutes(5), isUnclear: true)
        #expect(progress.hasOwnDeferral && progress.firstAttemptTime == now && progress.unclearAttempts == 1)
        progress.excused(isUnclear: true, isFirst: true)
        #expect(!progress.hasOwnDeferral && progress.firstAttempt == nil && progress.unclearAttempts == 0)
        #expect(progress.attempts == 1 && progress.state == .deferred)
        let second = now + .hours(1)
        progress.beginAttempt(at: second)
        progress.deferred(until: second, isUnclear: false)
        progress.beginAttempt(at: now + .hours(2))
        progress.deferred(until: second, isUnclear: true)
        progress.excused(isUnclear: true, isFirst: false)
        #expect(
            progress.hasOwnDeferral && progress.firstAttemptTime == second && progress.unclearAttempts == 0)
        progress.shift(by: .hours(-1))
        #expect(progress.firstAttemptTime == now)
        progress.beginAnew()
        #expect(progress == RecipientProgress(state: .deferred, nextRetry: progress.nextRetry))
    }
}
