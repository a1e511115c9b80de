/// One record of a list taken apart: the values of its fields in UTF-8, one after another.
///
/// A reader fills the same record again and again, so that a million of them cost no allocation.
package struct RecipientRecord: Sendable {
    var names = FieldNames.addressAlone
    private(set) var bytes: [UInt8] = []
    private var ends: [Int32] = []
    /// Where it begins in its list.
    package var offset = 0
    /// The line on which it begins.
    var line = 1

    /// The number of fields.
    var count: Int { ends.count }

    /// Whether all fields are empty, or hold blanks alone.
    var isBlank: Bool { bytes.allSatisfy { $0 <= 0x20 } }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    mutating func append(_ part: ArraySlice<UInt8>) {
        bytes.append(contentsOf: part)
    }

    /// Lets `write` append to the value of the current field.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
    }

    /// Ends the current field; what is appended next belongs to the next.
    mutating func endField() {
        ends.append(Int32(bytes.count))
    }

    /// Brings the record to a number of fields: further ones are empty, or left out if they are. False if one of those
    /// to be left out holds something.
    mutating func fit(to count: Int) -> Bool {
        while ends.count < count { endField() }
        guard ends.count > count else { return true }
        let surplus = count == 0 ? 0 : Int(ends[count - 1])
        guard bytes[surplus...].allSatisfy({ $0 <= 0x20 }) else { return false }
        ends.removeLast(ends.count - count)
        bytes.removeLast(bytes.count - surplus)
        return true
    }

    func range(_ field: Int) -> Range<Int> {
        (field == 0 ? 0 : Int(ends[field - 1]))..<Int(ends[field])
    }

    func value(_ field: Int) -> String {
        String(decoding: bytes[range(field)], as: UTF8.self)
    }
}

/// Why a record cannot be read.
struct RecordMistake: Error, Equatable {
    /// Lines after the one on which the record begins.
    var linesAfter = 0
    var reason: String
    var hint: String
}

/// What a look at the next record found.
enum RecordStep: Equatable {
    /// The record is filled; the next begins at this position.
    case record(next: Int)
    /// Nothing that counts: an empty line, a comment.
    case blank(next: Int)
    /// This one cannot be read; the next can.
    case bad(RecordMistake, next: Int)
    /// Neither this one nor what follows can be read.
    case unreadable(RecordMistake)
    /// The record does not end inside the window.
    case incomplete
    /// There is none.
    case end
}
