package import SpoolStore
package import SpoolSystem
internal import SpoolWriting

extension JournalDirectory {
    /// How all mailings stand by their journals' tails; takes away second names, and leaves what need not be read again,
    /// which only the holder of the tick's lock may.
    package func historiesFinishingHalfMoves() throws(SystemError) -> [FileName: MailingHistory] {
        let tails = try tails()
        var histories = tails.histories
        for names in tails.halfMoves {
            for name in try finishHalfMove(names) { histories[name] = nil }
        }
        if tails.ended.isToBeWritten {
            try directory.replace(EndedJournals.name, with: tails.ended.bytes, mode: mode, durable: false)
        }
        return histories
    }

    /// Takes away all but one of the names of a journal whose rename, on a file system without RENAME_NOREPLACE, was
    /// cut short between its link and its unlink; otherwise what is said of one name would be written to the other.
    ///
    /// It keeps the name under which the journal was put aside, if one of them is such a name. Of others it keeps any:
    /// whoever finds a journal that is not called as its document renames it once more.
    ///
    /// - Returns: the names that are gone.
    private func finishHalfMove(_ names: [FileName]) throws(SystemError) -> [FileName] {
        let order = names.sorted { a, b in
            DatedName.isDated(a) == DatedName.isDated(b) ? a < b : DatedName.isDated(b)
        }
        for name in order.dropLast() { try directory.remove(JournalDirectory.fileName(of: name)) }
        return Array(order.dropLast())
    }

    /// Gives a journal another mailing's name; never overwrites. Durable after the directory is synchronised.
    package func move(_ mailing: FileName, to name: FileName) throws(SystemError) {
        try directory.move(
            JournalDirectory.fileName(of: mailing), to: directory, as: JournalDirectory.fileName(of: name))
    }

    /// Opens a journal's end for writing; its torn tail is cut off.
    package func writer(of mailing: FileName, soundLength: Int) throws(SystemError) -> JournalWriter {
        try JournalWriter(
            in: directory, JournalDirectory.fileName(of: mailing), mode: mode, soundLength: soundLength)
    }

    /// Opens a journal's end for writing a few lines; its torn tail is cut off.
    package func writer(of mailing: FileName) throws(SystemError) -> JournalWriter {
        var soundLength = 0
        if let file = try open(mailing) { soundLength = try JournalReader(file: file).soundLength() }
        return try writer(of: mailing, soundLength: soundLength)
    }
}
