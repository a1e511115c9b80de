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

    /// What it is called in messages.
    var name: String {
        switch self {
        case .output: "standard output"
        case .error: "standard error"
        }
    }
}
