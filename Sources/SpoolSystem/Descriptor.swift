internal import Glibc

/// A file descriptor that exists once and is closed when its owner ends.
package struct Descriptor: ~Copyable, Sendable {
    /// The number, for calls of this library.
    package let number: Int32

    /// Takes over a number that a call has just returned.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        // Whatever it answers, Linux has closed the descriptor.
        _ = try? systemCall(.close, "descriptor \(number)") { close(number) }
    }
}
