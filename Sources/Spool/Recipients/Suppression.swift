public import SpoolMail

/// The addresses and domains that are never mailed, as `suppressed.txt` lists them.
///
/// Only hashes are kept, eight bytes each: that two of a million addresses share one is less likely than a broken
/// memory chip.
public struct Suppression: Equatable, Sendable {
    private var addresses: [AddressHash]
    private var domains: [AddressHash]
    /// Lines that are neither an address nor a domain.
    public private(set) var invalidLines: Int

    /// Suppresses nobody.
    public static let none = Suppression(parsing: [])

    /// Reads an address or `@domain` a line; `#` begins a comment line, and what follows a tab is a reason.
    public init(parsing bytes: [UInt8]) {
        addresses = []
        domains = []
        invalidLines = 0
        var start = SourceText.byteOrderMark(bytes.prefix(3))
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            line(bytes, start..<end)
            start = end + 1
        }
        addresses = Self.distinct(addresses)
        domains = Self.distinct(domains)
    }

    private mutating func line(_ bytes: [UInt8], _ line: Range<Int>) {
        var first = line.lowerBound
        while first < line.upperBound, bytes[first] <= 0x20 { first += 1 }
        guard first < line.upperBound, bytes[first] != UInt8(ascii: "#") else { return }
        var end = first
        while end < line.upperBound, bytes[end] != 0x09 { end += 1 }
        if bytes[first] == UInt8(ascii: "@") {
            // Only with something before it does the parser of addresses bring the domain into its one form.
            let complete = [UInt8(ascii: "x")] + bytes[first..<end]
            if let address = try? EmailAddress(utf8: complete.span) {
                domains.append(Self.domainHash(address))
            } else {
                invalidLines += 1
            }
        } else if let address = Self.address(bytes, first..<end) {
            addresses.append(AddressHash(address))
        } else {
            invalidLines += 1
        }
    }

    /// An address, also one that somebody pasted as `Name <address>`.
    private static func address(_ bytes: [UInt8], _ range: Range<Int>) -> EmailAddress? {
        if let address = try? EmailAddress(utf8: bytes.span.extracting(range)) { return address }
        return (try? Mailbox(String(decoding: bytes[range], as: UTF8.self)))?.address
    }

    private static func domainHash(_ address: EmailAddress) -> AddressHash {
        AddressHash(address.domain)
    }

    private static func distinct(_ hashes: [AddressHash]) -> [AddressHash] {
        var distinct: [AddressHash] = []
        distinct.reserveCapacity(hashes.count)
        for hash in hashes.sorted() where distinct.last != hash { distinct.append(hash) }
        return distinct
    }

    /// How many addresses and domains are suppressed.
    public var count: Int { addresses.count + domains.count }

    /// Whether an address must not be mailed: it is listed, or its domain is.
    public func contains(_ address: EmailAddress) -> Bool {
        Self.contains(AddressHash(address), in: addresses)
            || !domains.isEmpty && Self.contains(Self.domainHash(address), in: domains)
    }

    /// Whether somebody is suppressed, as far as the address's hash alone tells; `nil` if the domain decides.
    func contains(_ hash: AddressHash) -> Bool? {
        if Self.contains(hash, in: addresses) { return true }
        return domains.isEmpty ? false : nil
    }

    /// Whoever one of the two suppresses.
    public func union(_ other: Suppression) -> Suppression {
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
