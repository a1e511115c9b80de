import SpoolMail
import Testing

@Suite struct SendmailVerdictTests {
    @Test(
        arguments: [
            (0, SendmailVerdict.accepted), (65, .refused), (67, .refused), (68, .refused), (71, .notNow),
            (73, .notNow), (74, .notNow), (75, .notNow), (76, .notNow), (1, .unclear), (64, .unclear),
            (69, .unclear), (70, .unclear), (72, .unclear), (77, .unclear), (127, .unclear), (-1, .unclear),
        ] as [(Int32, SendmailVerdict)])
    func `an exit status means what the contract's table says`(status: Int32, verdict: SendmailVerdict) {
        #expect(SendmailVerdict(exitStatus: status) == verdict)
    }

    @Test func `a death by signal says nothing about the message`() {
        #expect(SendmailVerdict(signal: 9) == .unclear)
    }

    @Test func `a status is named as in sysexits.h`() {
        #expect(ExitStatus.description(of: 75) == "exit status 75 (EX_TEMPFAIL)")
        #expect(ExitStatus.description(of: 3) == "exit status 3")
    }
}
