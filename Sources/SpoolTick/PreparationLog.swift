internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting
internal import Synchronization

/// Which documents are being prepared, in `journal/preparing`, so that a tick finds out which of them has killed those
/// before it.
///
/// A line stands there only as long as its document is judged, encoded or rendered: whoever is killed at another time
/// leaves none. It says how many ticks in a row were killed so, this one included. What stands there holds for the
/// boot in which it was written, since a power cut is nobody's fault and may bring back old lines; of a document that
/// was given up it holds until the document is another, or lies elsewhere.
final class PreparationLog: PreparationMarks, Sendable {
    private struct State {
        /// How many ticks in a row were killed while they prepared a document, up to the one before.
        var killed: [String: Int] = [:]
        var givenUp: Set<String> = []
        /// How often a document is being prepared at the moment.
        var underWay: [String: Int] = [:]
        /// The length of what stands in the file.
        var written = 0
        /// Why something of it could not be written.
        var failure: SystemError?
    }

    private let file: LockFile
    private let bootID = ProcessTable.bootID()
    private let state: Mutex<State>

    /// So many ticks in a row, killed while they prepared the same version of a document, are its fault.
    static let limit = 3
    private static let givenUp = "given-up"

    /// What is said of a document that is not prepared any more.
    static let problem = Diagnostic(
        message: "\(limit) ticks in a row were killed while they prepared it, so it is left alone",
        hint:
            "make it smaller (its texts, values, lists or files); an edit or a move to another folder lets it be "
            + "tried again")

    /// Reads what the tick before has left.
    init(in journal: Directory) throws(SystemError) {
        file = try LockFile(in: journal, FileName("preparing"))
        let bytes = try file.contents()
        var state = State()
        state.written = bytes.count
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let isOfThisBoot = !bootID.isEmpty && lines.first.map(String.init) == bootID
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let (mark, key) = (parts[0], String(parts[1]))
            let count = isOfThisBoot ? Int(mark) ?? 0 : 0
            if mark == PreparationLog.givenUp || count >= PreparationLog.limit {
                state.givenUp.insert(key)
            } else if count > 0 {
                state.killed[key] = count
            }
        }
        self.state = Mutex(state)
        write()
        try check()
    }

    /// Folder, version, and the name in a form that holds no blank and no line end.
    private static func key(_ document: FoundDocument) -> String {
        var key = "\(document.folder.rawValue) \(document.version.text) "
        for byte in document.name.string.utf8 {
            if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
                key.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                key += "%" + String(byte, radix: 16)
            }
        }
        return key
    }

    /// Whether a document is not to be prepared any more.
    func hasGivenUp(_ document: FoundDocument) -> Bool {
        state.withLock { !$0.givenUp.isEmpty && $0.givenUp.contains(PreparationLog.key(document)) }
    }

    /// Whether the tick before was killed while it prepared a document: alone it shows whether that was its fault.
    func isSuspect(_ document: FoundDocument) -> Bool {
        state.withLock { !$0.killed.isEmpty && $0.killed[PreparationLog.key(document)] != nil }
    }

    /// Forgets whoever was given up and is not there any more as it was.
    ///
    /// - Throws: what has kept it, or anything before it, from being written.
    func keep(only documents: some Sequence<FoundDocument>) throws(SystemError) {
        let hasChanged = state.withLock { state in
            if state.givenUp.isEmpty { return false }
            let before = state.givenUp.count
            state.givenUp.formIntersection(documents.map(PreparationLog.key))
            return state.givenUp.count != before
        }
        if hasChanged { write() }
        try check()
    }

    func begin(_ document: FoundDocument) {
        let isFirst = state.withLock { state in
            let count = state.underWay[PreparationLog.key(document), default: 0]
            state.underWay[PreparationLog.key(document)] = count + 1
            return count == 0
        }
        if isFirst { write() }
    }

    func end(_ document: FoundDocument) {
        let isLast = state.withLock { state in
            let key = PreparationLog.key(document)
            let count = state.underWay[key, default: 1]
            state.underWay[key] = count > 1 ? count - 1 : nil
            return count == 1
        }
        if isLast { write() }
    }

    /// A tick that ends in order was not killed, whatever it leaves unfinished.
    ///
    /// - Throws: what has kept that, or anything before it, from being written.
    func close() throws(SystemError) {
        state.withLock { state in
            state.underWay = [:]
            state.killed = [:]
        }
        write()
        try check()
    }

    private func check() throws(SystemError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// A disk that does not take it ends the tick at its next look: whoever prepares something cannot say it.
    private func write() {
        state.withLock { state in
            var text = bootID + "\n"
            for key in state.givenUp.sorted() { text += "\(PreparationLog.givenUp) \(key)\n" }
            for key in state.underWay.keys.sorted() {
                text += "\(state.killed[key, default: 0] + 1) \(key)\n"
            }
            var bytes = Array(text.utf8)
            let count = bytes.count
            bytes += repeatElement(0x0A, count: max(0, state.written - count))
            do throws(SystemError) {
                try file.write(bytes, at: 0)
                state.written = count
            } catch {
                state.failure = state.failure ?? error
            }
        }
    }
}
