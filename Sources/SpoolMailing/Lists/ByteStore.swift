internal import SpoolSystem

/// Where a list's bytes are: in an open file, or in memory.
enum ByteStore: Sendable {
    case file(File)
    case memory([UInt8])

    /// Copies up to `buffer.count` bytes from `offset` into `buffer` and gives their number, 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        switch self {
        case .file(let file):
            return try file.read(into: buffer, at: offset)
        case .memory(let bytes):
            guard offset < bytes.count else { return 0 }
            let part = bytes[offset..<min(offset + buffer.count, bytes.count)]
            buffer.copyBytes(from: part)
            return part.count
        }
    }
}

/// The part of a list that is in memory: it moves forward, and grows only if one record needs it.
struct ListWindow {
    /// No record may be longer.
    static let recordLimit = 1 << 20

    let store: ByteStore
    /// The buffer; what counts of it is below `count`.
    private(set) var bytes: [UInt8]
    private(set) var count = 0
    /// The offset in the list of the first byte.
    private(set) var offset: Int
    /// Whether the list ends where the window does.
    private(set) var atEnd = false

    init(_ store: ByteStore, at offset: Int, size: Int) {
        self.store = store
        self.offset = offset
        bytes = [UInt8](repeating: 0, count: size)
    }

    /// Drops the first `used` bytes and reads more behind the rest; false if the record that begins at `used` is over
    /// the limit.
    mutating func advance(past used: Int) throws(SystemError) -> Bool {
        let rest = count - used
        if rest >= Self.recordLimit { return false }
        if used > 0 {
            bytes.withUnsafeMutableBytes { buffer in
                buffer.copyMemory(from: .init(rebasing: UnsafeRawBufferPointer(buffer)[used..<used + rest]))
            }
            offset += used
            count = rest
        }
        if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
        try fill()
        return true
    }

    /// Begins anew at another offset.
    mutating func move(to offset: Int) {
        self.offset = offset
        count = 0
        atEnd = false
    }

    private mutating func fill() throws(SystemError) {
        var failure: SystemError?
        let read = bytes.withUnsafeMutableBytes { [store, count, offset] buffer in
            do throws(SystemError) {
                return try store.read(into: .init(rebasing: buffer[count...]), at: offset + count)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        count += read
        guard read == 0 else { return }
        atEnd = true
        // What DOS ends a text with, and some programs still do.
        while count > 0, bytes[count - 1] == 0x1A { count -= 1 }
    }
}
