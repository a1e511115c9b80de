@testable import SpoolMailing
@testable import TestSupport
import Testing

@Suite struct RecipientTableTests {
    static func table(_ count: Int) -> RecipientTable {
        let table = RecipientTable()
        for number in 0..<count {
            let insertion = table.insert(
                AddressHash("a\(number)"), at: .init(offset: number * 7, isInline: number % 3 == 0),
                isSame: { _ in false })
            #expect(insertion == .added(number))
        }
        return table
    }

    @Test func `everybody is found again where he was put`() {
        let table = Self.table(100_000)
        #expect(table.count == 100_000)
        for number in 0..<100_000 {
            #expect(table.find(AddressHash("a\(number)"), isSame: { _ in false }) == number)
        }
        #expect(table.find(AddressHash("a100000"), isSame: { _ in true }) == nil)
        #expect(table.location(99_999) == .init(offset: 699_993, isInline: true))
    }

    @Test func `offsets of half a terabyte fit beside all other fields at their most`() {
        let table = RecipientTable()
        let location = RecipientTable.Location(offset: 1 << 39 - 1, isInline: false)
        _ = table.insert(AddressHash("a"), at: location, isSame: { _ in false })
        let most = RecipientProgress(
            state: .skipped(.late), attempts: RecipientProgress.attemptLimit, unclearAttempts: 7, timeouts: 3,
            hasOwnDeferral: true, firstAttempt: .max, nextRetry: .max)
        table[0] = most
        #expect(table[0] == most)
        #expect(table.location(0) == location)
        table[0] = RecipientProgress(attempts: 1 << 40, unclearAttempts: 99, timeouts: 99)
        #expect(
            table[0]
                == RecipientProgress(
                    attempts: RecipientProgress.attemptLimit, unclearAttempts: 7, timeouts: 3))
        #expect(table.location(0) == location)
    }

    @Test func `the counts follow every change of a state`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let table = Self.table(500)
        for _ in 0..<5000 {
            let place = Int.random(in: 0..<500, using: &random)
            let state = RecipientState.all[Int.random(in: 0..<RecipientState.all.count, using: &random)]
            if Bool.random(using: &random) {
                table[state: place] = state
            } else {
                table[place] = RecipientProgress(state: state, attempts: 2)
            }
            #expect(table[state: place] == state)
        }
        for state in RecipientState.all {
            #expect(table.counts[state] == (0..<500).count { table[state: $0] == state })
        }
        #expect(RecipientState.all.reduce(0) { $0 + table.counts[$1] } == 500)
    }

    @Test func `every state has a code of its own`() {
        #expect(RecipientState.all.map(\.code) == Array(0..<UInt64(RecipientState.all.count)))
    }
}
