internal import Glibc

/// Standard output and standard error, written whole and without a buffer of their own.
package enum StandardStream: Int32, Sendable {
    /// Data.
    case output = 1
    /// Messages to people.
    case error = 2

    /// Opens /dev/null in place of each standard stream that the caller has closed: otherwise the first files we
    /// open would take their numbers, and a message to people would land in a journal.
    ///
    /// Standard output only for reading: data that nobody gets is an error.
    package static func openMissing() {
        for number in Int32(0)...2 {
            let isOpen = (try? systemCall(.fcntl, "descriptor \(number)") { fcntl(number, F_GETFD) }) != nil
            let mode = number == output.rawValue ? O_RDONLY : O_RDWR
            if !isOpen { _ = try? systemCall(.open, "/dev/null") { open("/dev/null", mode) } }
        }
    }

    /// Whether it is a terminal.
    package var isTerminal: Bool { isatty(rawValue) == 1 }

    /// How many columns the terminal has; nil if it is none, or does not say.
    package var columns: Int? { cells(\.ws_col) }

    /// How many lines the terminal has; nil if it is none, or does not say.
    package var rows: Int? { cells(\.ws_row) }

    /// One side of the terminal (TIOCGWINSZ, tty_ioctl(4)).
    private func cells(_ side: KeyPath<winsize, UInt16>) -> Int? {
        var size = winsize()
        let known = try? systemCall(.ioctl, name) { ioctl(rawValue, UInt(TIOCGWINSZ), &size) }
        guard known != nil, size[keyPath: side] > 0 else { return nil }
        return Int(size[keyPath: side])
    }

    /// Writes all of a text.
    package func write(_ text: String) throws(SystemError) {
        try write(Array(text.utf8))
    }

    /// Writes all bytes.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        try transferAll(.write, name, bytes) { left, _ in Glibc.write(rawValue, left.baseAddress, left.count)
        }
    }

    /// Writes a text if it is taken within a time; a part of it may have been taken if it is not.
    ///
    /// So much is written at once as a pipe takes whole or not at all, and only when it says that it would: the stream
    /// belongs to others as well, who would be surprised if it did not block.
    package func write(_ text: String, within microseconds: Int64) throws(SystemError) -> Bool {
        let end = Clock.monotonicMicroseconds() + microseconds
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let left = max(0, end - Clock.monotonicMicroseconds())
            var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&descriptor, 1, Int32(clamping: (left + 999) / 1000))
            if ready < 0, errno == EINTR { continue }
            if ready == 0 { return false }
            let chunk = Array(rest.prefix(StandardStream.pipeUnit))
            try write(chunk)
            rest = rest.dropFirst(chunk.count)
        }
        return true
    }

    /// What a pipe takes at once (PIPE_BUF, pipe(7)).
    private static let pipeUnit = 4096

    /// What it is called in messages.
    var name: String {
        switch self {
        case .output: "standard output"
        case .error: "standard error"
        }
    }
}
