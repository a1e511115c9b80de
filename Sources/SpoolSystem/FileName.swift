/// A name inside a directory, compared byte for byte.
///
/// Swift's strings are equal when they are canonically equivalent, and file names are not: `å` as one scalar
/// and `å` as two are two files.
package struct FileName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name's bytes, without NUL or slash.
    package let bytes: [UInt8]

    /// A name of bytes as a directory lists them.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A name in UTF-8.
    package init(_ string: String) {
        bytes = Array(string.utf8)
    }

    /// The name as text; bytes that are no UTF-8 become U+FFFD.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the bytes are UTF-8.
    package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// The name as text.
    package var description: String { string }

    /// All bytes in one go: thousands of names are looked up in a status.
    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// Orders by bytes.
    package static func < (a: FileName, b: FileName) -> Bool {
        a.bytes.lexicographicallyPrecedes(b.bytes)
    }

    /// The name with a text behind it.
    package static func + (name: FileName, suffix: String) -> FileName {
        FileName(bytes: name.bytes + Array(suffix.utf8))
    }

    /// The name without an ending, if it has it and something before it.
    package func without(suffix: String) -> FileName? {
        let tail = Array(suffix.utf8)
        guard bytes.count > tail.count, bytes.suffix(tail.count).elementsEqual(tail) else { return nil }
        return FileName(bytes: Array(bytes.dropLast(tail.count)))
    }

    /// Calls with the name as a C string.
    package func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        var characters = bytes.map { CChar(bitPattern: $0) }
        characters.append(0)
        return body(characters)
    }
}
