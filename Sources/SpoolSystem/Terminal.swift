internal import Glibc

/// The terminal as a page that is drawn again and again: the alternate screen, without cursor and echo.
///
/// The terminal is given back as it was by ``leave()``, by every signal that ends the process, and while it is stopped
/// by Ctrl-Z; a crash gives it back before the process dies of it. What a handler touches belongs to the process, so
/// there is one of these at a time.
package final class TerminalPage: Sendable {
    /// What ``wait(milliseconds:)`` came back for.
    package enum Event: Equatable, Sendable {
        /// The time is over.
        case time
        /// A key that is one byte, such as `q`.
        case key(UInt8)
        /// The page has to be drawn anew: another size, or the process was stopped and goes on.
        case redraw
        /// SIGINT (Ctrl-C), SIGTERM, SIGHUP or SIGQUIT came, or the terminal is gone.
        case end
    }

    private let pipe: SignalPipe

    /// Takes the terminal that standard output is.
    ///
    /// Keys come from standard input if that is a terminal, else there are none.
    package init() throws(SystemError) {
        pipe = try SignalPipe()
        signalPipe = pipe.writeEnd.number
        hasKeys = isatty(0) == 1 && tcgetattr(0, &settingsBefore) == 0
        SignalPipe.handle(
            [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP], flags: SA_RESTART, with: noteSignal)
        SignalPipe.handle(
            [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE],
            flags: Int32(bitPattern: UInt32(SA_RESETHAND)), with: giveBackAndDie)
        TerminalPage.enter()
    }

    private static func enter() {
        if hasKeys {
            var settings = settingsBefore
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
            withUnsafeMutableBytes(of: &settings.c_cc) { characters in
                characters[Int(VMIN)] = 0
                characters[Int(VTIME)] = 0
            }
            tcsetattr(0, TCSADRAIN, &settings)
        }
        isTaken = true
        writeAll(enterSequence)
    }

    /// Gives the terminal back as it was: its settings, the cursor, and what was on the screen before.
    package func leave() { giveBack() }

    /// Draws the lines in one go: what stood there is written over and not wiped first, and a terminal that knows
    /// synchronised output (DEC mode 2026) shows either the old page or the new.
    ///
    /// - Parameter lines: at most as many as the terminal has rows, each no wider than its columns.
    package func draw(_ lines: [String]) throws(SystemError) {
        var text = "\u{1B}[?2026h\u{1B}[H"
        text += lines.joined(separator: "\u{1B}[K\r\n")
        text += "\u{1B}[K\u{1B}[J\u{1B}[?2026l"
        try StandardStream.output.write(text)
    }

    /// Waits until a key is pressed, a signal comes, or the time is over.
    package func wait(milliseconds: Int64) -> Event {
        var descriptors = [
            pollfd(fd: pipe.readEnd.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hasKeys ? 0 : -1, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&descriptors, 2, Int32(clamping: max(0, milliseconds)))
        var signals = [UInt8](repeating: 0, count: 64)
        let received = read(pipe.readEnd.number, &signals, signals.count)
        if received > 0 {
            let numbers = signals.prefix(received).map { Int32($0) }
            if numbers.contains(where: { [SIGINT, SIGTERM, SIGHUP, SIGQUIT].contains($0) }) { return .end }
            if numbers.contains(SIGTSTP) {
                giveBack()
                raise(SIGSTOP)
                // Somebody has let us go on.
                TerminalPage.enter()
            }
            return .redraw
        }
        if count > 0, descriptors[1].revents != 0 {
            var key: UInt8 = 0
            // Ready and nothing to read: the terminal has hung up.
            return read(0, &key, 1) == 1 ? .key(key) : .end
        }
        return .time
    }
}

/// The alternate screen, no cursor, and no line that wraps into the next; and the way back.
private let enterSequence: StaticString = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
private let leaveSequence: StaticString = "\u{1B}[?2026l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

// What a signal handler touches must be there without initialisation.
nonisolated(unsafe) private var signalPipe: Int32 = -1
nonisolated(unsafe) private var hasKeys = false
nonisolated(unsafe) private var isTaken = false
nonisolated(unsafe) private var settingsBefore = termios()

private func writeAll(_ text: StaticString) {
    write(1, text.utf8Start, text.utf8CodeUnitCount)
}

/// Safe in a signal handler: write(2) and tcsetattr(3) are.
private func giveBack() {
    guard isTaken else { return }
    isTaken = false
    writeAll(leaveSequence)
    if hasKeys { tcsetattr(0, TCSADRAIN, &settingsBefore) }
}

private func noteSignal(_ number: Int32) {
    let error = errno
    var byte = UInt8(truncatingIfNeeded: number)
    write(signalPipe, &byte, 1)
    errno = error
}

/// The handler is reset when it is called, so that the same signal now ends the process.
private func giveBackAndDie(_ number: Int32) {
    giveBack()
    raise(number)
}
