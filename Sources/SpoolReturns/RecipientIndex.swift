internal import SpoolMail
internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

/// Finds whose a token is that names nobody: 64 bits of each token of a mailing, and where in its journal the recipient
/// stands. It is kept in `journal/returns/MAILING-ID.index`, and may be deleted at any time.
///
/// The file is a head of four numbers (what keys it was made by, how far the journal was read, how many entries follow,
/// their checksum) and 16 bytes an entry, in order. What it says is believed only when the token is that of the address
/// that stands in its place.
struct RecipientIndex {
    private struct Entry {
        let bits: UInt64
        let place: UInt64
    }

    /// In order.
    private var entries: [Entry] = []
    /// How far the journal is read.
    private var end = 0
    private let mailing: String
    private let keys: [SigningKey]
    private let returns: ReturnsDirectory

    private static let headLength = 32
    private static let entryLength = 16
    private static let purposes: [RecipientToken.Purpose] = [.bounce, .unsubscribe]

    /// Reads what there is; nothing if it is damaged, or was made by other keys.
    init(of mailing: String, keys: [SigningKey], in returns: ReturnsDirectory) throws(SystemError) {
        (self.mailing, self.keys, self.returns) = (mailing, keys, returns)
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try returns.directory.open(ReturnsDirectory.indexName(of: mailing)).contents()
        } catch  where error.isMissing {
            return
        }
        bytes.withUnsafeBytes { read($0) }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= RecipientIndex.headLength else { return }
        func number(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        let body = UnsafeRawBufferPointer(rebasing: bytes[RecipientIndex.headLength...])
        guard number(0) == stamp, number(16) == UInt64(body.count / RecipientIndex.entryLength),
            body.count.isMultiple(of: RecipientIndex.entryLength), let end = Int(exactly: number(8)),
            number(24) == UInt64(Checksum.crc32(body))
        else { return }
        self.end = end
        entries = stride(from: RecipientIndex.headLength, to: bytes.count, by: RecipientIndex.entryLength).map
        {
            Entry(bits: number($0), place: number($0 + 8))
        }
    }

    /// Other keys make other tokens.
    private var stamp: UInt64 {
        keys.compactMap { RecipientToken(.bounce, mailing: mailing, address: "index", key: $0) }
            .reduce(1) { $0 &* 31 &+ $1.bits }
    }

    /// The address whose a token is, by the mailing's journal; nil if it is nobody's of the entries read.
    func address(
        of token: RecipientToken, _ purpose: RecipientToken.Purpose, in journal: File
    ) throws(SystemError) -> String? {
        var lookup = JournalLookup(journal)
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].bits < token.bits { low = middle + 1 } else { high = middle }
        }
        while low < entries.count, entries[low].bits == token.bits {
            let found: String? = try lookup.line(at: Int(clamping: entries[low].place)) { line in
                line.address.map { String(decoding: $0, as: UTF8.self) }
            }
            if let found, token.isOf(found, purpose, by: keys) { return found }
            low += 1
        }
        return nil
    }

    /// Takes in what has come to the journal since; false if nothing has.
    mutating func extend(by journal: File) throws(SystemError) -> Bool {
        let size = Int(try journal.status().size)
        if size == end { return false }
        // One that was put back from a copy.
        if size < end { (entries, end) = ([], 0) }
        var new: [Entry] = []
        let (mailing, keys) = (mailing, keys)
        let reached = try JournalReader(file: journal).forEachLine(from: end) { line in
            guard case .attempt(number: 1, _)? = line.recipientEvent, let bytes = line.address else { return }
            let address = String(decoding: bytes, as: UTF8.self)
            for key in keys {
                for purpose in RecipientIndex.purposes {
                    let token = RecipientToken(purpose, mailing: mailing, address: address, key: key)
                    if let token { new.append(Entry(bits: token.bits, place: UInt64(line.offset))) }
                }
            }
        }
        if reached == end { return false }
        end = reached
        entries = (entries + new).sorted { $0.bits < $1.bits }
        try write()
        return true
    }

    /// Lost in a power cut it is made anew, so that nothing waits for the disk.
    private func write() throws(SystemError) {
        var body: [UInt8] = []
        body.reserveCapacity(entries.count * RecipientIndex.entryLength)
        func append(_ number: UInt64, to bytes: inout [UInt8]) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        for entry in entries {
            append(entry.bits, to: &body)
            append(entry.place, to: &body)
        }
        var bytes: [UInt8] = []
        for number in [
            stamp, UInt64(end), UInt64(entries.count), UInt64(body.withUnsafeBytes(Checksum.crc32)),
        ] { append(number, to: &bytes) }
        try returns.directory.replace(
            ReturnsDirectory.indexName(of: mailing), with: bytes + body, mode: returns.mode, durable: false)
    }
}
