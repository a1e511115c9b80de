internal import SpoolSchedule
package import SpoolSystem
internal import SpoolText

/// The rules of a path that must stay below a directory.
package enum RelativePath {
    /// Why a path may not be used; `nil` if it may.
    package static func problem(_ path: String) -> String? {
        if path.isEmpty { return "the path is empty" }
        if path.hasPrefix("/") { return "\(path.quoted) is an absolute path" }
        if path.utf8.contains(0) { return "the path contains a NUL" }
        if path.utf8.count > 4000 { return "the path is too long" }
        if path.split(separator: "/").contains("..") {
            return "\(path.quoted) contains \"..\""
        }
        return nil
    }
}

/// A file below `files/` that a document names, and what it was when the document was validated.
///
/// A file that has changed within the last ten seconds holds its mailing: it may still be written. When one changes,
/// the document is validated again.
package struct ReferredFile: Equatable, Sendable {
    /// The key that names it: `attachments[1]`.
    let key: String
    /// The path below `files/`.
    package let path: String
    /// What it was; `nil` if it was not there or could not be opened.
    package let status: FileStatus?

    /// Opens the file at a path of the document; says what is wrong in words for the document's author.
    ///
    /// - Parameter failure: is set to what the system says if it is the system that refuses.
    static func open(
        _ path: String, in files: Directory, failure: inout SystemError?
    ) throws(Diagnostic) -> (file: File, status: FileStatus) {
        if let problem = RelativePath.problem(path) {
            throw Diagnostic(
                problem, hint: "write the path below files/, such as \"newsletter/body.txt\"")
        }
        do throws(SystemError) {
            let file = try files.openBeneath(path)
            return (file, try file.status())
        } catch {
            failure = error
            throw Diagnostic(message(path, error), hint: hint(path, error))
        }
    }

    private static func message(_ path: String, _ error: SystemError) -> String {
        if error.isMissing { return "files/\(path) is not there" }
        if error.leadsOut { return "files/\(path) leads out of files/" }
        guard let kind = error.kind else { return "files/\(path) cannot be opened: \(error.reason)" }
        // The steps of the path, which has no "..".
        let isFolderItself = path.split(separator: "/").allSatisfy { $0 == "." }
        return "files/\(path) is " + (isFolderItself ? "the folder files/ itself" : kind.name)
    }

    private static func hint(_ path: String, _ error: SystemError) -> String {
        if error.kind == .directory { return "name a file in it" }
        if error.kind != nil { return "put an ordinary file in its place" }
        if error.isMissing, path.hasPrefix("files/") {
            return "paths begin below files/: write \(String(path.dropFirst("files/".count)).quoted)"
        }
        if error.isMissing { return "put it there, or correct the path" }
        if error.leadsOut { return "copy the file into files/ instead of linking to it" }
        if error.isForbidden { return "let the user of spool-tick read it" }
        return "it must be an ordinary file that can be read"
    }

    /// A whole file of text, without a byte order mark.
    ///
    /// - Parameter failure: is set to what the system says if it is the system that refuses.
    static func text(
        _ path: String, _ file: File, failure: inout SystemError?
    ) throws(Diagnostic) -> String {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try file.contents(limit: textLimit + 1)
        } catch {
            failure = error
            throw Diagnostic(
                "files/\(path) cannot be read: \(error.reason)", hint: "see to it that it can")
        }
        guard bytes.count <= textLimit else {
            throw Diagnostic(
                "files/\(path) is larger than \(textLimit >> 20) MiB",
                hint: "bodies are text; attach large files")
        }
        do throws(SourceError) {
            let start = try SourceText.check(bytes)
            return String(decoding: bytes[start...], as: UTF8.self)
        } catch {
            throw Diagnostic(
                "files/\(path): line \(SourceText.line(of: error.offset, in: bytes)) \(error.reason)",
                hint: error.hint)
        }
    }

    /// Larger bodies are refused.
    static let textLimit = 8 << 20
}
