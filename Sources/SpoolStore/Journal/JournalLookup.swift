package import SpoolSystem

/// Reads single lines of a journal again by where they begin.
///
/// A window of the file is kept, so that lines asked for in about their order cost no call each.
package struct JournalLookup {
    private let file: File
    private var window: [UInt8]
    private var start = 0
    private var count = 0

    /// Larger than any line about a recipient.
    private static let size = 1 << 14

    package init(_ file: File) {
        self.file = file
        window = [UInt8](repeating: 0, count: JournalLookup.size)
    }

    /// Gives the line that begins at an offset to `body`; nil if no sound line does.
    package mutating func line<R>(at offset: Int, _ body: (JournalLine) -> R?) throws(SystemError) -> R? {
        if let range = range(at: offset) { return read(range, offset, body) }
        var failure: SystemError?
        count = window.withUnsafeMutableBytes { [file] buffer in
            do throws(SystemError) {
                return try file.read(into: buffer, at: offset)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        start = offset
        return range(at: offset).flatMap { read($0, offset, body) }
    }

    private func range(at offset: Int) -> Range<Int>? {
        guard offset >= start, offset < start + count,
            let end = window[(offset - start)..<count].firstIndex(of: 0x0A)
        else { return nil }
        return (offset - start)..<end
    }

    private func read<R>(_ range: Range<Int>, _ offset: Int, _ body: (JournalLine) -> R?) -> R? {
        window.withUnsafeBytes { buffer in
            JournalLine(UnsafeRawBufferPointer(rebasing: buffer[range]), at: offset).flatMap(body)
        }
    }
}
