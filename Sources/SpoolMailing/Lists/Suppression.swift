package import SpoolMail
package import SpoolSystem

/// The addresses and domains that are never mailed, as `suppressed.txt` lists them.
///
/// Only hashes are kept, eight bytes each: that two of a million addresses share one is less likely than a broken
/// memory chip.
package struct Suppression: Equatable, Sendable {
    /// Why a list of addresses cannot be taken, so that nobody knows who is on it.
    package enum Failure: Error {
        case system(SystemError)
        /// What is wrong, and what to do.
        case refused(String)
    }

    private(set) var addresses: Set<AddressHash> = []
    private(set) var domains: Set<AddressHash> = []
    /// Lines that hold neither an address nor a domain, and so suppress nobody.
    package private(set) var badLines = RowNumbers()

    /// Suppresses nobody.
    package static let none = Suppression()

    private init() {}

    /// Reads all lines of a file of at most `limit` bytes.
    ///
    /// Whoever may be meant by what stands before the first tab of a line is suppressed; behind it stands a reason, and
    /// behind a `#` at the start or after a blank a comment.
    package init(reading file: File, limit: Int) throws(Failure) {
        let size: Int64
        do throws(SystemError) {
            size = try file.status().size
        } catch {
            throw .system(error)
        }
        if size > limit { throw .refused(Self.tooLarge(limit)) }
        try self.init(.file(file), limit: limit)
    }

    private static func tooLarge(_ limit: Int) -> String {
        "it is over \(limit >> 20) MiB; take out of it what is not needed"
    }

    init(_ store: ByteStore, limit: Int = .max) throws(Failure) {
        var window = ListWindow(store, at: 0, size: 128 << 10)
        var position = 0
        var number = 1
        while true {
            if let line = Self.line(of: window, from: position) {
                try take(window.bytes, line.content, number)
                position = line.next
                number += 1
                continue
            }
            if window.atEnd { break }
            let isFirst = window.count == 0
            guard try Self.advance(&window, past: position) else {
                throw .refused("line \(number) \(ListFailure.tooLong.reason); break it into several lines")
            }
            position = 0
            if window.offset + window.count > limit {
                throw .refused(Self.tooLarge(limit))
            }
            if isFirst {
                // Several small reads may be needed to see whether a mark is there.
                while window.count < 4, !window.atEnd { _ = try Self.advance(&window, past: 0) }
                let start = window.bytes[..<window.count]
                if let foreign = SourceText.foreignFormat(start) {
                    throw .refused("it \(foreign.reason); \(foreign.hint)")
                }
                position = SourceText.byteOrderMark(start)
            }
        }
    }

    private static func advance(_ window: inout ListWindow, past used: Int) throws(Failure) -> Bool {
        do throws(SystemError) {
            return try window.advance(past: used)
        } catch {
            throw .system(error)
        }
    }

    /// The line that begins at a position; `nil` if it does not end inside the window, or is none.
    private static func line(of window: ListWindow, from start: Int) -> (content: Range<Int>, next: Int)? {
        var end = start
        while end < window.count, window.bytes[end] != 0x0A, window.bytes[end] != 0x0D { end += 1 }
        // A CR may be the first half of a line end.
        if end + 1 >= window.count, !window.atEnd { return nil }
        if start == window.count { return nil }
        let isPair = end + 1 < window.count && window.bytes[end] == 0x0D && window.bytes[end + 1] == 0x0A
        return (start..<end, min(end + (isPair ? 2 : 1), window.count))
    }

    private mutating func take(_ bytes: [UInt8], _ line: Range<Int>, _ number: Int) throws(Failure) {
        if let offset = SourceText.firstInvalidByte(bytes, in: line) {
            let mistake = SourceText.invalidByte(bytes[offset], at: offset)
            throw .refused("line \(number) \(mistake.reason); \(mistake.hint)")
        }
        let text = bytes[line].drop { $0 <= 0x20 }
        guard let first = text.first, first != UInt8(ascii: "#") else { return }
        let entry = ListComment.cutAtFirst(text.prefix { $0 != 0x09 })
        let found = AddressScan.forEach(in: bytes.span.extracting(entry.startIndex..<entry.endIndex)) {
            switch $0 {
            case .address(let address): addresses.insert(AddressHash(address))
            case .domain(let domain): domains.insert(AddressHash(domain))
            }
        }
        if found == 0 { badLines.add(number) }
    }

    /// Whether an address must not be mailed: it is listed, or its domain is.
    package func contains(_ address: EmailAddress) -> Bool {
        addresses.contains(AddressHash(address))
            || !domains.isEmpty && domains.contains(AddressHash(address.domain))
    }

    /// Whoever one of the two suppresses.
    package func union(_ other: Suppression) -> Suppression {
        // The larger of the two is shared where it has all of the other.
        if other.addresses.isSuperset(of: addresses), other.domains.isSuperset(of: domains) { return other }
        var both = self
        both.addresses.formUnion(other.addresses)
        both.domains.formUnion(other.domains)
        return both
    }
}
