package import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule

/// Who is blocked, and who has left what, as `journal/blocked` says: answers in constant time, also with a million of them.
///
/// Only hashes are kept, as of ``Suppression``.
package struct BlockedAddresses: Equatable, Sendable {
    private var addresses: Set<AddressHash> = []
    private var domains: Set<AddressHash> = []
    /// Who has left, by the topic; by the empty one who has left everything.
    private var left: [String: Set<AddressHash>] = [:]

    /// Nobody.
    package init() {}

    /// Whether an address must not be mailed: it is blocked, or its domain is.
    package func isBlocked(_ address: EmailAddress) -> Bool {
        addresses.contains(AddressHash(address))
            || !domains.isEmpty && domains.contains(AddressHash(address.domain))
    }

    /// Whether somebody has left a topic, or everything.
    ///
    /// - Parameter topic: nil for mail of no topic, which whoever has left only a topic still gets.
    package func hasLeft(_ address: EmailAddress, topic: String?) -> Bool {
        if left.isEmpty { return false }
        let hash = AddressHash(address)
        if left[""]?.contains(hash) == true { return true }
        return topic.flatMap { left[$0]?.contains(hash) } ?? false
    }

    /// Whether somebody has left anything.
    ///
    /// - Parameter address: normalised.
    package func hasLeftAnything(_ address: String) -> Bool {
        let hash = AddressHash(address)
        return left.values.contains { $0.contains(hash) }
    }

    /// How many addresses and domains are blocked, and how many times somebody has left.
    package var counts: BlockedEntry {
        .counts(blocked: addresses.count + domains.count, left: left.values.reduce(0) { $0 + $1.count })
    }

    /// Takes in the next line; false if it says nothing that is known. A million of them are read at every start of a
    /// tick, so that no text is made of what is only compared.
    mutating func apply(_ line: CheckedLine) -> Bool {
        var fields = JournalCoding.Fields(line.text)
        guard let word = BlockedEntry.Word(rawValue: fields.text()) else { return false }
        if word == .counts { return true }
        let subject = fields.next()
        if subject.isEmpty { return false }
        let isDomain = subject[0] == UInt8(ascii: "@")
        let hash = AddressHash(isDomain ? UnsafeRawBufferPointer(rebasing: subject[1...]) : subject)
        switch word {
        case .block:
            guard let cause = BlockedEntry.Block.Cause(fields.text()) else { return false }
            if cause.isDeparture {
                _ = fields.next()
                left[fields.optional() ?? "", default: []].insert(hash)
            } else if isDomain {
                domains.insert(hash)
            } else {
                addresses.insert(hash)
            }
        case .release, .unblock:
            if isDomain { domains.remove(hash) } else { addresses.remove(hash) }
            if word == .unblock { for topic in left.keys { left[topic]?.remove(hash) } }
        case .counts: break
        }
        return true
    }

    /// Takes in what happens: the same as when it is read again.
    package mutating func apply(_ entry: BlockedEntry) {
        var bytes: [UInt8] = []
        entry.write(at: Timestamp(milliseconds: 0), to: &bytes)
        bytes.removeLast()
        bytes.withUnsafeBytes { bytes in
            if let line = CheckedLine(bytes) { _ = apply(line) }
        }
    }
}
