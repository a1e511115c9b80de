internal import Glibc

/// A pipe into which signal handlers write, so that signals can be waited for together with other things: a handler can
/// do no more than leave a mark.
struct SignalPipe: ~Copyable, Sendable {
    let readEnd: Descriptor
    let writeEnd: Descriptor

    init() throws(SystemError) {
        var ends: [Int32] = [0, 0]
        try systemCall(.pipe2, "signals") { pipe2(&ends, O_CLOEXEC | O_NONBLOCK) }
        readEnd = Descriptor(owning: ends[0])
        writeEnd = Descriptor(owning: ends[1])
    }

    /// Lets a handler take signals, and unblocks them: whoever started us may have had them blocked, and that is
    /// inherited.
    static func handle(
        _ signals: [Int32], flags: Int32, with handler: @escaping @convention(c) (Int32) -> Void
    ) {
        var action = sigaction()
        action.sa_flags = flags
        action.__sigaction_handler.sa_handler = handler
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        for number in signals {
            sigaction(number, &action, nil)
            sigaddset(&unblocked, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    }
}
