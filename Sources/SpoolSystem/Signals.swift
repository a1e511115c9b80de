internal import Glibc

/// The process's signals as things to wait for.
///
/// A handler can do no more than leave a mark, so it writes a byte into a pipe that ``wait(forInputOf:microseconds:)``
/// polls. Signals belong to the whole process: there is one of these, made at its start.
package final class Signals: Wakeups {
    private let pipe: SignalPipe

    /// Installs the handlers: SIGCHLD wakes, SIGTERM and SIGINT wake and are remembered; SIGPIPE and SIGXFSZ are
    /// ignored, so that their calls fail with EPIPE and EFBIG instead.
    package init() throws(SystemError) {
        pipe = try SignalPipe()
        wakeDescriptor = pipe.writeEnd.number
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        SignalPipe.handle([SIGCHLD, SIGTERM, SIGINT], flags: SA_RESTART) { number in
            if number != SIGCHLD { terminationAsked = true }
            let error = errno
            var byte: UInt8 = 0
            write(wakeDescriptor, &byte, 1)
            errno = error
        }
    }

    /// Whether SIGTERM or SIGINT has come.
    package var isTerminationAsked: Bool { terminationAsked }

    /// Wakes the one that waits, from any thread.
    package func wake() {
        var byte: UInt8 = 0
        write(pipe.writeEnd.number, &byte, 1)
    }

    /// Waits until a signal comes, somebody wakes us, a descriptor can be read, or the time is over (ppoll(2)).
    ///
    /// - Parameter microseconds: at most this long; 0 only looks.
    package func wait(forInputOf inputs: [Int32], microseconds: Int64) {
        var descriptors = [pollfd(fd: pipe.readEnd.number, events: Int16(POLLIN), revents: 0)]
        for input in inputs { descriptors.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0)) }
        var time = timespec(
            tv_sec: time_t(microseconds / 1_000_000), tv_nsec: Int(microseconds % 1_000_000) * 1000)
        ppoll(&descriptors, nfds_t(descriptors.count), &time, nil)
        var buffer = [UInt8](repeating: 0, count: 256)
        while read(pipe.readEnd.number, &buffer, buffer.count) == buffer.count {}
    }
}

// What a signal handler touches must be there without initialisation: two words of the data segment.
nonisolated(unsafe) private var wakeDescriptor: Int32 = -1
nonisolated(unsafe) private var terminationAsked = false
