package import SpoolSystem
internal import SpoolText

/// The name of a mailing as people write it: the name itself, or its document's file name or path.
package struct MailingName {
    private let text: FileName
    /// Without its folder and `.json`.
    private let plain: FileName

    package init(_ text: FileName) {
        self.text = text
        let last = FileName(bytes: Array(text.bytes.split(separator: UInt8(ascii: "/")).last ?? []))
        plain = last.without(suffix: ".json") ?? last
    }

    /// Which of the mailings there are is meant; nil if none.
    package func find(among names: [FileName]) -> FileName? {
        names.contains(text) ? text : names.first { $0 == plain }
    }

    /// "there is no mailing newz; did you mean news?"
    ///
    /// - Parameter mailing: what there is none of: `mailing`, `unfinished mailing`.
    package func missing(_ mailing: String = "mailing", among names: [FileName]) -> String {
        let near = Nearest.closest(to: plain.string, among: names.map(\.string))
        return "there is no \(mailing) \(text)" + (near.map { "; did you mean \($0)?" } ?? "")
    }
}
