/// Where it is noted which documents are being prepared (judged, encoded, rendered), so that a tick which one of them
/// has killed leaves its name behind.
package protocol PreparationMarks: Sendable {
    /// Its preparation begins.
    func begin(_ document: FoundDocument)
    /// It has ended, whatever came of it.
    func end(_ document: FoundDocument)
}
