internal import FoundationEssentials

/// Values that stand as JSON in a line of a journal, or of the snapshot.
enum JournalJSON {
    /// The value on one line, its keys in order; empty if it has no form in JSON.
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Reads a value; nil if it is none.
    static func value<Value: Decodable>(_ type: Value.Type, _ json: some Sequence<UInt8>) -> Value? {
        try? JSONDecoder().decode(type, from: Data(json))
    }
}
