#if DEBUG
    internal import Glibc

    /// A system call that is to fail, for tests; release builds have none of this.
    ///
    /// A ``SystemCallTrace`` makes it happen to what runs under it.
    package struct Fault: Sendable, CustomStringConvertible {
        /// What happens instead of the call.
        package enum Effect: Sendable {
            /// The call is not made, and fails with this `errno`; a `close` is made, as Linux does whatever it answers.
            case error(Int32)
            /// At most so many bytes are moved; nothing happens to a call that moves none.
            case short(Int)

            /// Whether it is EINTR, after which some calls are made again.
            package var isInterruption: Bool {
                switch self {
                case .error(let code): code == EINTR
                case .short: false
                }
            }
        }

        /// How long it goes on.
        package enum Span: Sendable {
            /// With this call alone.
            case once
            /// With this call and all that follow of its kind: a disk that stays full. Not with EINTR of a call that is
            /// repeated, which would be repeated for ever.
            case fromThenOn
        }

        /// The kind of call; nil for any.
        package let call: SystemCall?
        /// Which of them, counted from 1.
        package let number: Int
        /// What happens.
        package let effect: Effect
        /// How long it goes on.
        package let span: Span

        /// Makes a fault.
        package init(_ call: SystemCall?, number: Int = 1, _ effect: Effect, _ span: Span = .once) {
            precondition(
                !effect.isInterruption || span == .once || call?.isRepeatedAfterInterrupt == false,
                "repeated for ever")
            (self.call, self.number, self.effect, self.span) = (call, number, effect, span)
        }

        /// "write 3 error(28) once".
        package var description: String { "\(call?.rawValue ?? "call") \(number) \(effect) \(span)" }

        /// Whether it strikes a call, the `count`-th of its kind.
        func strikes(_ count: Int) -> Bool {
            switch span {
            case .once: count == number
            case .fromThenOn: count >= number
            }
        }
    }
#endif
