/// Every recipient of a list once: where its record is, and how far its delivery has come.
///
/// 24 bytes a recipient in blocks that are never moved, and an index of four-byte places, at most half full: with
/// a million recipients 32 MB. Addresses are not kept; whoever needs one reads its record again.
package final class RecipientTable {
    /// Where a record stands.
    package struct Location: Equatable {
        /// The offset in the document, for inline recipients, or in the recipients file; below half a terabyte.
        package var offset: Int
        var isInline: Bool

        package init(offset: Int, isInline: Bool) {
            self.offset = offset
            self.isInline = isInline
        }
    }

    /// One recipient, packed.
    private struct Slot {
        var hash: AddressHash
        /// From the lowest bit: offset 39, inline 1, state 4, timeouts 2, unclear 3, attempts 14, own deferral 1.
        var packed: UInt64
        /// 0 for none.
        var firstAttempt: UInt32 = 0
        var nextRetry: UInt32 = 0
    }

    private static let blockBits = 15
    private static let blockSize = 1 << blockBits
    private static let empty = UInt32.max

    private var blocks: [UnsafeMutablePointer<Slot>] = []
    /// Places of slots, by hash; a power of two of them.
    private var index: [UInt32] = Array(repeating: RecipientTable.empty, count: 1 << 10)
    /// Hashes that two different addresses share; there a hash alone finds nobody.
    private var ambiguous: Set<AddressHash> = []
    /// How many recipients there are.
    package private(set) var count = 0
    /// How many are in each state.
    package private(set) var counts = RecipientCounts()

    /// Makes an empty table.
    package init() {}

    deinit {
        for block in blocks { block.deallocate() }
    }

    // MARK: Finding

    /// The place of the recipient with this hash; `isSame` is asked, by reading the record, only when two different
    /// addresses share the hash.
    package func find(_ hash: AddressHash, isSame: (Int) -> Bool) -> Int? {
        let mustAsk = !ambiguous.isEmpty && ambiguous.contains(hash)
        return firstPlace(of: hash) { !mustAsk || isSame($0) }
    }

    private func firstPlace(of hash: AddressHash, where matches: (Int) -> Bool) -> Int? {
        let mask = index.count - 1
        var position = Int(truncatingIfNeeded: hash.value) & mask
        while true {
            let place = index[position]
            if place == Self.empty { return nil }
            if slot(Int(place)).pointee.hash == hash, matches(Int(place)) { return Int(place) }
            position = (position + 1) & mask
        }
    }

    // MARK: Growing

    /// What an insertion came to.
    package enum Insertion: Equatable {
        case added(Int)
        /// The address is there already, at this place.
        case duplicate(Int)
    }

    /// Adds a recipient who waits.
    ///
    /// `isSame` says whether the recipient at a place has the same address; it is asked for every equal hash, so
    /// that nobody is lost to a collision.
    package func insert(_ hash: AddressHash, at location: Location, isSame: (Int) -> Bool) -> Insertion {
        var sharesHash = false
        let known = firstPlace(of: hash) { place in
            if isSame(place) { return true }
            sharesHash = true
            return false
        }
        if let known { return .duplicate(known) }
        if sharesHash { ambiguous.insert(hash) }
        if (count + 1) * 2 > index.count { growIndex() }
        if count >> Self.blockBits == blocks.count { blocks.append(.allocate(capacity: Self.blockSize)) }
        let place = count
        count += 1
        slot(place).initialize(
            to: Slot(hash: hash, packed: UInt64(location.offset) | (location.isInline ? 1 << 39 : 0)))
        enter(place, hash)
        counts[.waiting] += 1
        return .added(place)
    }

    private func enter(_ place: Int, _ hash: AddressHash) {
        let mask = index.count - 1
        var position = Int(truncatingIfNeeded: hash.value) & mask
        while index[position] != Self.empty { position = (position + 1) & mask }
        index[position] = UInt32(place)
    }

    private func growIndex() {
        let size = index.count * 2
        // The old one goes first: it can be made again from the slots.
        index = []
        index = Array(repeating: Self.empty, count: size)
        for place in 0..<count { enter(place, slot(place).pointee.hash) }
    }

    private func slot(_ place: Int) -> UnsafeMutablePointer<Slot> {
        blocks[place >> Self.blockBits] + (place & (Self.blockSize - 1))
    }

    private func checked(_ place: Int) -> UnsafeMutablePointer<Slot> {
        precondition(place >= 0 && place < count, "no recipient has this place")
        return slot(place)
    }

    // MARK: One recipient

    func hash(_ place: Int) -> AddressHash {
        checked(place).pointee.hash
    }

    package func location(_ place: Int) -> Location {
        let packed = checked(place).pointee.packed
        return Location(offset: Int(packed & (1 << 39 - 1)), isInline: packed >> 39 & 1 == 1)
    }

    /// Where the recipient at a place stands; setting it keeps the rest of its progress.
    package subscript(state place: Int) -> RecipientState {
        get { RecipientState.all[Int(checked(place).pointee.packed >> 40 & 0xF)] }
        set {
            counts[self[state: place]] -= 1
            counts[newValue] += 1
            checked(place).pointee.packed &= ~(0xF << 40)
            checked(place).pointee.packed |= newValue.code << 40
        }
    }

    /// The whole progress of the recipient at a place.
    package subscript(place: Int) -> RecipientProgress {
        get {
            let slot = checked(place).pointee
            return RecipientProgress(
                state: self[state: place], attempts: Int(slot.packed >> 49 & 0x3FFF),
                unclearAttempts: Int(slot.packed >> 46 & 0x7), timeouts: Int(slot.packed >> 44 & 0x3),
                hasOwnDeferral: slot.packed >> 63 == 1,
                firstAttempt: slot.firstAttempt == 0 ? nil : slot.firstAttempt,
                nextRetry: slot.nextRetry == 0 ? nil : slot.nextRetry)
        }
        set {
            self[state: place] = newValue.state
            let slot = checked(place)
            slot.pointee.packed &= (1 << 44) - 1
            slot.pointee.packed |= UInt64(min(max(newValue.timeouts, 0), 0x3)) << 44
            slot.pointee.packed |= UInt64(min(max(newValue.unclearAttempts, 0), 0x7)) << 46
            slot.pointee.packed |=
                UInt64(min(max(newValue.attempts, 0), RecipientProgress.attemptLimit)) << 49
            slot.pointee.packed |= newValue.hasOwnDeferral ? 1 << 63 : 0
            slot.pointee.firstAttempt = newValue.firstAttempt ?? 0
            slot.pointee.nextRetry = newValue.nextRetry ?? 0
        }
    }
}
