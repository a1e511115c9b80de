internal import SpoolMail
internal import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import Synchronization

/// Reads documents and lists beside what a tick does, so that a long list or a strange file delays nobody.
package final class Examiner: Sendable {
    private struct State {
        var running = 0
        var results: [Handed] = []
    }

    private let spool: SpoolDirectory
    private let journals: JournalDirectory
    private let marks: any PreparationMarks
    private let wakeups: any Wakeups
    private let surroundings: Surroundings
    private let state = Mutex(State())

    /// How long a document may be half written, and a file that it names must have been left alone.
    package static let settling = Interval.seconds(10)
    /// After so long something that could not be read is tried again; not sooner than the next tick.
    static let patience = Interval.seconds(61)

    /// - Parameters:
    ///   - marks: what it is noted in that a document is being examined.
    ///   - wakeups: whoever waits for results is woken when there are some.
    package init(
        spool: SpoolDirectory, journals: JournalDirectory, marks: any PreparationMarks,
        wakeups: any Wakeups, in surroundings: Surroundings
    ) {
        self.marks = marks
        self.spool = spool
        self.journals = journals
        self.wakeups = wakeups
        self.surroundings = surroundings
    }

    /// Whether anything is being read.
    package var isBusy: Bool { state.withLock { $0.running > 0 } }

    /// Whether anything has been read that was not taken yet.
    package var hasResults: Bool { state.withLock { !$0.results.isEmpty } }

    /// What has been read since the last call.
    package func takeResults() -> [Examination] {
        let handed = state.withLock { state in
            defer { state.results = [] }
            return state.results
        }
        return handed.compactMap { $0.take() }
    }

    /// Has a document read and judged, and what is said of its past brought into its list.
    package func examine(_ request: ExaminationRequest) {
        state.withLock { $0.running += 1 }
        var request = request
        request.now = { [surroundings] in surroundings.now().wall }
        surroundings.beside { [self, request] in
            marks.begin(request.document)
            do throws(SystemError) {
                let examination = try Examination.run(request, in: spool, journals)
                marks.end(request.document)
                take(examination)
            } catch {
                marks.end(request.document)
                take(Examination(request, unreadable: error))
            }
            wakeups.wake()
        }
    }

    private func take(_ examination: sending Examination) {
        let handed = Handed(examination)
        state.withLock { state in
            state.running -= 1
            state.results.append(handed)
        }
    }
}

/// What one thread hands to another, whole: whoever takes it has it alone.
private final class Handed: Sendable {
    private let examination: Mutex<Examination?>

    init(_ examination: sending Examination) {
        self.examination = Mutex(examination)
    }

    func take() -> Examination? {
        examination.withLock { held in
            let taken = held
            held = nil
            return taken
        }
    }
}
