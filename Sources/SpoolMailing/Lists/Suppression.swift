package import SpoolMail

/// The addresses and domains that are never mailed, as `suppressed.txt` lists them.
///
/// Only hashes are kept, eight bytes each: that two of a million addresses share one is less likely than a broken
/// memory chip.
package struct Suppression: Equatable, Sendable {
    private(set) var addresses: [AddressHash]
    private(set) var domains: [AddressHash]
    /// Lines that hold neither an address nor a domain, and so suppress nobody.
    package private(set) var badLines = RowNumbers()

    /// Suppresses nobody.
    package static let none = Suppression(parsing: [])

    /// Reads an address or `@domain` a line; `#` begins a comment, and what follows a tab is a reason.
    package init(parsing bytes: [UInt8]) {
        addresses = []
        domains = []
        var start = SourceText.byteOrderMark(bytes.prefix(3))
        var number = 1
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            if !take(bytes[start..<end]) { badLines.add(number) }
            number += 1
            let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
            start = end + (isPair ? 2 : 1)
        }
        addresses = Self.distinct(addresses)
        domains = Self.distinct(domains)
    }

    /// Takes in a line; false if nothing on it can be suppressed.
    private mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop { $0 <= 0x20 }
        guard let first = text.first, first != UInt8(ascii: "#") else { return true }
        // Whoever is named at all must not be mailed, so a reason counts as one also behind a mere blank.
        let entry = ListComment.cut(text.prefix { $0 != 0x09 })
        return take(entry: entry) || take(entry: entry.prefix { $0 > 0x20 })
    }

    private mutating func take(entry: ArraySlice<UInt8>) -> Bool {
        if entry.first == UInt8(ascii: "@") {
            // Only with something before it does the parser of addresses bring the domain into its one form.
            let complete = [UInt8(ascii: "x")] + entry
            guard let address = try? EmailAddress(utf8: complete.span) else { return false }
            domains.append(AddressHash(address.domain))
        } else {
            guard let address = Self.address(entry) else { return false }
            addresses.append(AddressHash(address))
        }
        return true
    }

    /// An address, also one that somebody pasted as `Name <address>`.
    private static func address(_ entry: ArraySlice<UInt8>) -> EmailAddress? {
        if let address = try? EmailAddress(utf8: entry.span) { return address }
        return (try? Mailbox(String(decoding: entry, as: UTF8.self)))?.address
    }

    private static func distinct(_ hashes: [AddressHash]) -> [AddressHash] {
        var distinct: [AddressHash] = []
        distinct.reserveCapacity(hashes.count)
        for hash in hashes.sorted() where distinct.last != hash { distinct.append(hash) }
        return distinct
    }

    /// Whether an address must not be mailed: it is listed, or its domain is.
    package func contains(_ address: EmailAddress) -> Bool {
        Self.contains(AddressHash(address), in: addresses)
            || !domains.isEmpty && Self.contains(AddressHash(address.domain), in: domains)
    }

    /// Whoever one of the two suppresses.
    package func union(_ other: Suppression) -> Suppression {
        var both = self
        both.addresses = Self.distinct(addresses + other.addresses)
        both.domains = Self.distinct(domains + other.domains)
        return both
    }

    private static func contains(_ hash: AddressHash, in sorted: [AddressHash]) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == hash
    }
}
