@testable import SpoolDelivery
@testable import SpoolMail
@testable import SpoolSchedule
import Testing

struct RecipientQueueTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test func `those in doubt come first, then the others in list order`() {
        var queue = RecipientQueue(count: 3)
        queue.resend(2)
        let order = (0..<3).map { _ in queue.next(at: now) { $0 != 2 } }
        #expect(order == [2, 0, 1])
        #expect(queue.next(at: now) { $0 != 2 } == nil)
    }

    @Test func `as long as nothing is accepted, those not yet tried come before those who are due again`() {
        var queue = RecipientQueue(count: 2)
        queue.retry(5, at: now)
        #expect(queue.next(at: now) { _ in true } == 0)
        queue.accepted()
        #expect(queue.next(at: now) { _ in true } == 5)
        #expect(queue.next(at: now) { _ in true } == 1)
    }

    @Test func `a deferred recipient is due exactly at its retry time`() {
        var queue = RecipientQueue(count: 0)
        queue.retry(1, at: now)
        #expect(queue.next(at: now - .milliseconds(1)) { _ in true } == nil)
        #expect(queue.next(at: now) { _ in true } == 1)
    }

    @Test func `the one who is due first comes first, whatever the order they were put in`() {
        var heap = RetryHeap()
        for index in [5, 3, 9, 1, 7] { heap.insert(index, at: Timestamp(milliseconds: Int64(index))) }
        heap.remove(3)
        #expect((0..<4).map { _ in heap.removeFirst() } == [1, 5, 7, 9])
    }

    @Test func `whoever is given up does not come up again, wherever he stood`() {
        for given in [[1], [5], [3, 1], [1, 3, 5]] {
            var heap = RetryHeap()
            for index in [5, 3, 1, 4] { heap.insert(index, at: Timestamp(milliseconds: Int64(index))) }
            for index in given { heap.remove(index) }
            let left = [1, 3, 4, 5].filter { !given.contains($0) }
            #expect(heap.first?.index == left.first)
            #expect((0..<5).compactMap { _ in heap.removeFirst() } == left)
        }
    }

    @Test func `a reply can neither end a line nor steer a terminal`() {
        #expect(Reply.lastLine(of: Array("one\ntwo \u{1B}[31mred\n\n".utf8)) == "two  [31mred")
    }
}
