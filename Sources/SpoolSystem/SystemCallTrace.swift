#if DEBUG
    internal import Glibc
    internal import Synchronization

    /// What a piece of code asks of the operating system, and the faults that it meets there; for tests, not in release
    /// builds.
    ///
    /// It holds for what ``run(_:)`` calls, on its thread and in tasks that are children of it, and for nothing else in the
    /// process: tests run side by side. A thread that the code starts itself meets no faults and is not seen.
    package final class SystemCallTrace: Sendable {
        /// A call that was made, or would have been but for a fault.
        package struct Call: Equatable, Sendable, CustomStringConvertible {
            /// Its kind.
            package let call: SystemCall
            /// What it was made on, as an error would say.
            package let path: String

            /// "open /tmp/x".
            package var description: String { "\(call.rawValue) \(path)" }
        }

        @TaskLocal private static var current: SystemCallTrace?

        private struct State {
            var calls: [Call] = []
            var counts: [SystemCall: Int] = [:]
            var struck: [(call: Call, fault: Int)] = []
        }

        private let faults: [Fault]
        private let meanwhile: @Sendable (Int, Call) -> Void
        private let state = Mutex(State())

        /// A trace under faults, of which the first that fits a call strikes; without any it only takes notes.
        ///
        /// - Parameter meanwhile: what others do just before each call, which is told with its number from 1.
        package init(
            _ faults: [Fault] = [], meanwhile: @escaping @Sendable (Int, Call) -> Void = { _, _ in }
        ) {
            self.faults = faults
            self.meanwhile = meanwhile
        }

        /// A trace under one fault.
        package convenience init(_ fault: Fault) { self.init([fault]) }

        /// Runs the code under this trace, and not under one that may be around it.
        @discardableResult
        package func run<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
            let result: Result<R, E> = Self.$current.withValue(self) {
                do throws(E) { return .success(try body()) } catch { return .failure(error) }
            }
            return try result.get()
        }

        /// All calls so far, in order, those that a fault has struck included, and each repetition after EINTR.
        package var calls: [Call] { state.withLock { $0.calls } }

        /// How many calls of a kind there were.
        package func count(of call: SystemCall) -> Int { state.withLock { $0.counts[call, default: 0] } }

        /// The calls that a fault has changed.
        package var struck: [Call] { state.withLock { $0.struck.map(\.call) } }

        /// The calls that one of the faults has changed, by its place among them.
        package func struck(by fault: Int) -> [Call] {
            state.withLock { $0.struck.filter { $0.fault == fault }.map(\.call) }
        }

        /// Makes a call, or what a fault makes of it.
        static func pass<R: FixedWidthInteger>(
            _ call: SystemCall, _ path: () -> String, upTo count: Int, _ body: (Int) -> R
        ) -> R {
            switch current?.effect(on: call, path, upTo: count) {
            case nil: return body(count)
            case .short(let most): return body(min(most, count))
            case .error(let code):
                if call == .close { _ = body(count) }
                errno = code
                return -1
            }
        }

        private func effect(on call: SystemCall, _ path: () -> String, upTo count: Int) -> Fault.Effect? {
            let call = Call(call: call, path: path())
            let number = state.withLock { state in
                state.calls.append(call)
                return state.calls.count
            }
            Self.$current.withValue(nil) { meanwhile(number, call) }
            return state.withLock { state in
                state.counts[call.call, default: 0] += 1
                let ofKind = state.counts[call.call, default: 0]
                let index = faults.firstIndex { fault in
                    if let kind = fault.call, kind != call.call { return false }
                    return fault.strikes(fault.call == nil ? number : ofKind)
                }
                guard let index else { return nil }
                let effect = faults[index].effect
                if case .short(let most) = effect, most >= count { return nil }
                state.struck.append((call, index))
                return effect
            }
        }
    }
#endif
