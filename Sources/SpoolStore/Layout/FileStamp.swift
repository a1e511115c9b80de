internal import SpoolMailing
internal import SpoolSchedule
package import SpoolSystem

/// What a file was when it was looked at, for comparison: any change shows in it, and a move does too.
package struct FileStamp: Hashable, Codable, Sendable {
    let text: String

    /// The stamp that a text says.
    init(text: String) {
        self.text = text
    }

    /// The stamp of a file; nil is one that is not there.
    package init(_ status: FileStatus?) {
        text =
            status.map { "\(DocumentVersion($0).text)/\($0.changed.seconds).\($0.changed.nanoseconds)" }
            ?? "missing"
    }

    /// The stamp of what lies at a path below `files/`.
    ///
    /// - Throws: what the disk answers, unless it says that there is no such file for us.
    package init(of path: String, in files: Directory) throws(SystemError) {
        guard RelativePath.problem(path) == nil else {
            self.init(nil)
            return
        }
        do throws(SystemError) {
            self.init(try files.openBeneath(path).status())
        } catch  where !error.isDiskError && !error.isShortage {
            self.init(nil)
        }
    }

    /// Reads it as one word.
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes it as one word.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
