internal import Dispatch
internal import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import Synchronization

/// Reads documents and lists on threads of its own, so that a long list or a strange file delays nobody.
package final class Examiner: Sendable {
    private struct State {
        var running = 0
        var results: [Examination] = []
    }

    private let spool: SpoolDirectory
    private let journals: JournalDirectory
    private let signals: Signals
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "examiner", attributes: .concurrent)

    /// How long a document may be half written, and a file that it names must have been left alone.
    package static let settling = Interval.seconds(10)
    /// After so long something that could not be read is tried again; not sooner than the next tick.
    package static let patience = Interval.seconds(61)

    package init(spool: SpoolDirectory, journals: JournalDirectory, signals: Signals) {
        self.spool = spool
        self.journals = journals
        self.signals = signals
    }

    /// Whether anything is being read.
    package var isBusy: Bool { state.withLock { $0.running > 0 } }

    /// Whether anything has been read that was not taken yet.
    package var hasResults: Bool { state.withLock { !$0.results.isEmpty } }

    /// What has been read since the last call.
    package func takeResults() -> [Examination] {
        state.withLock { state in
            defer { state.results = [] }
            return state.results
        }
    }

    /// Has a document read and judged, and what is said of its past brought into its list.
    package func examine(
        _ document: FoundDocument, settings: Configuration, suppression: Suppression, context: String,
        journal: Examination.JournalUse, at moment: Moment
    ) {
        state.withLock { $0.running += 1 }
        let (spool, journals) = (spool, journals)
        queue.async { [self] in
            let examination = Examination(document, context: context)
            do throws(SystemError) {
                try examination.run(
                    spool: spool, journals: journals, settings: settings, suppression: suppression,
                    journal: journal, at: moment)
            } catch {
                examination.errors = [
                    Diagnostic(
                        message: "it cannot be read: \(error)", hint: "see to it that spool-tick can read it")
                ]
                examination.againAt = moment.wall + Examiner.patience
            }
            state.withLock { state in
                state.running -= 1
                state.results.append(examination)
            }
            signals.wake()
        }
    }

    /// The state of a file below `files/`, for comparison.
    ///
    /// - Throws: what the disk answers, unless it says that there is no such file for us.
    package static func stamp(of path: String, in files: Directory) throws(SystemError) -> String {
        guard RelativePath.problem(path) == nil else { return stamp(nil) }
        do throws(SystemError) {
            return stamp(try files.openBeneath(path).status())
        } catch  where !error.isDiskError {
            return stamp(nil)
        }
    }

    package static func stamp(_ status: FileStatus?) -> String {
        status.map { "\(DocumentVersion($0).text)/\($0.changed.seconds).\($0.changed.nanoseconds)" }
            ?? "missing"
    }
}
