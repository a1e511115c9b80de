#if DEBUG
    package import SpoolSystem

    /// What an operation came to under a fault.
    package struct FaultOutcome: CustomStringConvertible {
        /// What it threw; nil if it returned.
        package let error: (any Error)?
        /// The fault, and the calls that it changed.
        package let fault: Fault
        package let struck: [SystemCallTrace.Call]

        /// The calls that failed for whoever made them: nobody asks what `close` answers, after EINTR some are made again,
        /// and after a short write the rest is written.
        package var failed: [SystemCallTrace.Call] {
            switch fault.effect {
            case .short: []
            case .error:
                struck.filter {
                    $0.call != .close && !(fault.effect.isInterruption && $0.call.isRepeatedAfterInterrupt)
                }
            }
        }

        package var description: String {
            "\(fault), at \(struck.first.map { "\($0)" } ?? "nothing"): \(error.map { "\($0)" } ?? "returned")"
        }
    }

    /// Runs an operation once for each call that it makes, each time with a fault at that call, once and for good.
    ///
    /// - Parameters:
    ///   - effects: what the fault is; short writes only where something is moved.
    ///   - circumstances: faults that hold in every run, such as a file system that knows less.
    ///   - prepare: makes what the operation works on, afresh for each run and without faults.
    ///   - operation: what is looked at.
    ///   - check: judges what it has left, without faults.
    /// - Returns: how many faults have struck, for a test to see that it has tested anything.
    package func sweepFaults<Subject>(
        _ effects: [Fault.Effect], under circumstances: [Fault] = [],
        prepare: () throws -> Subject, operation: (Subject) throws -> Void,
        check: (Subject, FaultOutcome) throws -> Void
    ) throws -> Int {
        let undisturbed = SystemCallTrace(circumstances)
        let subject = try prepare()
        try undisturbed.run { try operation(subject) }
        var strikes = 0
        for effect in effects {
            for span in [Fault.Span.once, .fromThenOn] where !(span == .fromThenOn && effect.isInterruption) {
                for index in undisturbed.calls.indices {
                    let subject = try prepare()
                    let fault = Fault(nil, number: index + 1, effect, span)
                    let trace = SystemCallTrace(circumstances + [fault])
                    var failure: (any Error)?
                    trace.run { do { try operation(subject) } catch { failure = error } }
                    let struck = trace.struck(by: circumstances.count)
                    if struck.isEmpty { continue }
                    strikes += 1
                    try check(subject, FaultOutcome(error: failure, fault: fault, struck: struck))
                }
            }
        }
        return strikes
    }
#endif
