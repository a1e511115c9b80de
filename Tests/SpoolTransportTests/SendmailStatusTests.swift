@testable import SpoolSchedule
@testable import SpoolTransport
import Testing

@Suite struct SendmailStatusTests {
    @Test(
        arguments: [
            (0, AttemptPolicy.Verdict.accepted), (65, .refused), (67, .refused), (68, .refused),
            (71, .notNow),
            (73, .notNow), (74, .notNow), (75, .notNow), (76, .notNow), (1, .unclear), (64, .unclear),
            (69, .unclear), (70, .unclear), (72, .unclear), (77, .unclear), (127, .unclear), (-1, .unclear),
        ] as [(Int32, AttemptPolicy.Verdict)])
    func `an exit status means what the contract's table says`(status: Int32, verdict: AttemptPolicy.Verdict)
    {
        #expect(AttemptPolicy.Verdict(sendmailStatus: status) == verdict)
    }
}
