internal import SpoolMailing
internal import SpoolSchedule

/// Who of a mailing is next: those in doubt first, then the others in list order, with a deferred recipient who is
/// due in between whenever the mail system has accepted something.
///
/// While nothing is accepted, only recipients who have not been tried yet come up as long as there are any: a mail
/// system that is failing is not asked about the same few again and again.
struct RecipientQueue {
    private var inDoubt: ArraySlice<Int> = []
    private var waiting: Range<Int>
    private var retries = RetryHeap()
    private var mayRetry = false

    /// A queue over a list of `count` recipients.
    init(count: Int) {
        waiting = 0..<count
    }

    /// Puts a recipient in doubt in front of everybody.
    mutating func resend(_ index: Int) {
        inDoubt.append(index)
    }

    /// Has a recipient tried again at a time.
    mutating func retry(_ index: Int, at time: Timestamp) {
        retries.insert(index, at: time)
    }

    /// Has a recipient come up again who was taken and not handed over.
    mutating func putBack(_ index: Int, from state: RecipientState, at time: Timestamp) {
        switch state {
        case .waiting: waiting = min(index, waiting.lowerBound)..<waiting.upperBound
        case .inDoubt: inDoubt.insert(index, at: inDoubt.startIndex)
        case .deferred: retries.insert(index, at: time)
        case .sending, .sent, .failed, .skipped: break
        }
    }

    /// Has a recipient not tried again.
    mutating func cancelRetry(_ index: Int) {
        retries.remove(index)
    }

    /// Notes that the mail system has accepted something.
    mutating func accepted() {
        mayRetry = true
    }

    /// When the next deferred recipient is due; nil if none is deferred.
    var nextRetry: Timestamp? { retries.first?.time }

    /// When the last of the deferred recipients is due; goes through all of them.
    var lastRetry: Timestamp? { retries.latest }

    /// Whether somebody is next now.
    mutating func isReady(at now: Timestamp, _ isWaiting: (Int) -> Bool) -> Bool {
        if !inDoubt.isEmpty { return true }
        skip(isWaiting)
        return !waiting.isEmpty || retries.first.map { $0.time <= now } ?? false
    }

    /// Takes the next recipient; nil if nobody is due.
    mutating func next(at now: Timestamp, _ isWaiting: (Int) -> Bool) -> Int? {
        if let index = inDoubt.popFirst() { return index }
        skip(isWaiting)
        let retryIsDue = retries.first.map { $0.time <= now } ?? false
        if retryIsDue && (mayRetry || waiting.isEmpty) {
            mayRetry = false
            return retries.removeFirst()
        }
        guard let index = waiting.first else { return nil }
        waiting = (index + 1)..<waiting.upperBound
        return index
    }

    private mutating func skip(_ isWaiting: (Int) -> Bool) {
        var index = waiting.lowerBound
        while index < waiting.upperBound, !isWaiting(index) { index += 1 }
        waiting = index..<waiting.upperBound
    }
}

/// Recipients by the time of their next attempt: a binary heap.
struct RetryHeap {
    private var entries: [(time: Timestamp, index: Int)] = []
    /// Who is still among the entries and counts no more; never the first.
    private var removed: Set<Int> = []

    /// The one who is due first.
    var first: (time: Timestamp, index: Int)? { entries.first }

    /// The latest time of all; goes through them.
    var latest: Timestamp? { entries.map(\.time).max() }

    mutating func insert(_ index: Int, at time: Timestamp) {
        entries.append((time, index))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if entries[parent].time <= entries[child].time { return }
            entries.swapAt(parent, child)
            child = parent
        }
    }

    /// Takes out the one who is due first.
    mutating func removeFirst() -> Int? {
        defer { dropRemoved() }
        return pop()
    }

    private mutating func pop() -> Int? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink(0)
        }
        return first.index
    }

    /// Takes a recipient out, for good.
    mutating func remove(_ index: Int) {
        // A mail system that gives up gives up on thousands: none is looked for where it stands.
        removed.insert(index)
        dropRemoved()
    }

    private mutating func dropRemoved() {
        while let first = entries.first, removed.remove(first.index) != nil { _ = pop() }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].time < entries[least].time {
                least = child
            }
            if least == parent { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
