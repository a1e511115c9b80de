internal import SpoolMail
internal import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import Synchronization

/// Reads documents and lists beside what a tick does, so that a long list or a strange file delays nobody.
///
/// What has much to read stands in a lane of its own, and so delays nothing that has little. In each lane one document
/// is read at a time: in turns the one that came last and the one that has waited longest, so that thousands delay nobody
/// who comes after them, and nobody waits for ever.
package final class Examiner: Sendable {
    /// Documents that have about as much to read.
    private struct Lane {
        /// Bytes of a document and all that is read for it; what turns out to have more goes into another lane.
        let limit: Int64
        var waiting: Deque = Deque()
        var isServed = false
        var takesLatest = true

        mutating func next() -> ExaminationRequest? {
            takesLatest.toggle()
            return takesLatest ? waiting.popFirst() : waiting.popLast()
        }
    }

    /// Requests in the order in which they came.
    private struct Deque {
        private var requests: [ExaminationRequest?] = []
        private var head = 0

        mutating func append(_ request: ExaminationRequest) { requests.append(request) }

        mutating func popLast() -> ExaminationRequest? {
            head < requests.count ? requests.removeLast() : nil
        }

        mutating func popFirst() -> ExaminationRequest? {
            guard head < requests.count else {
                (requests, head) = ([], 0)
                return nil
            }
            defer { head += 1 }
            return requests[head].take()
        }
    }

    private struct State {
        var running = 0
        var results: [Handed] = []
        var lanes = [Lane(limit: 4 << 20), Lane(limit: 64 << 20), Lane(limit: .max)]
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
        var request = request
        request.now = { [surroundings] in surroundings.now().wall }
        state.withLock { $0.running += 1 }
        enter(request, needing: request.document.version.size)
    }

    private func enter(_ request: ExaminationRequest, needing size: Int64) {
        let idle: Int? = state.withLock { state in
            let lane = state.lanes.firstIndex { size <= $0.limit } ?? state.lanes.count - 1
            state.lanes[lane].waiting.append(request)
            if state.lanes[lane].isServed { return nil }
            state.lanes[lane].isServed = true
            return lane
        }
        guard let idle else { return }
        surroundings.beside { [self] in serve(idle) }
    }

    /// Examines one document after another, until none waits in the lane.
    private func serve(_ lane: Int) {
        while let (request, limit) = next(in: lane) {
            marks.begin(request.document)
            do throws(SystemError) {
                let examination = try Examination.run(request, in: spool, journals, limit: limit)
                marks.end(request.document)
                if let size = examination.sizeBeyondLimit {
                    enter(request, needing: size)
                    continue
                }
                take(examination)
            } catch {
                marks.end(request.document)
                take(Examination(request, unreadable: error))
            }
            wakeups.wake()
        }
    }

    private func next(in lane: Int) -> (ExaminationRequest, limit: Int64)? {
        state.withLock { state in
            guard let request = state.lanes[lane].next() else {
                state.lanes[lane].isServed = false
                return nil
            }
            return (request, state.lanes[lane].limit)
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
