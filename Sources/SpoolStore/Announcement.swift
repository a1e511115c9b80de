/// Something that was said of the spool as a whole and still stands, and of which version of a file.
///
/// Another version is worth saying it again.
package struct Announcement: Hashable, Comparable, Codable, Sendable {
    package var text: String
    /// Empty if it is not about a file.
    var version: String

    package init(_ text: String, of version: String = "") {
        self.text = text
        self.version = version
    }

    /// Reads it; version 1.0 wrote one text, with the version as its last word.
    package init(from decoder: any Decoder) throws {
        if let earlier = try? decoder.singleValueContainer().decode(String.self) {
            let end = earlier.lastIndex(of: " ") ?? earlier.endIndex
            text = String(earlier[..<end])
            version = String(earlier[end...].dropFirst())
        } else {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            text = try container.decode(String.self, forKey: .text)
            version = try container.decode(String.self, forKey: .version)
        }
    }

    package static func < (left: Announcement, right: Announcement) -> Bool {
        (left.text, left.version) < (right.text, right.version)
    }
}
