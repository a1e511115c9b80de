@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport

/// A list in a file of its own, loaded as the tick loads it.
struct ListFixture {
    let files: TemporaryFiles
    let mailing: Mailing

    /// A mailing to a list with `text` as its body, and to inline recipients if given as JSON.
    init(_ name: String?, _ bytes: some Sequence<UInt8>, text: String = "x", inline: String? = nil) throws {
        files = try TemporaryFiles()
        if let name { try files.write(name, bytes) }
        let members = [
            "\"subject\": \"s\"", "\"from\": \"f@example.org\"", "\"text\": \"\(text)\"",
            inline.map { "\n\"recipients\": \($0)" }, name.map { "\n\"recipientsFile\": \"\($0)\"" },
        ].compactMap(\.self)
        mailing = try TestDocument.validate("{" + members.joined(separator: ", ") + "}", files)
            .outcome.get()
    }

    func load(suppression: Suppression = .none) throws(RecipientListFailure) -> RecipientList {
        do {
            return try RecipientList.load(mailing, files: files.directory, suppression: suppression)
        } catch let error as RecipientListFailure {
            throw error
        } catch {
            throw .changed
        }
    }

    /// Loads with all addresses sharing hashes of a few bits.
    func load(hashMask: UInt64) throws -> RecipientList {
        let sources = try RecipientSources(mailing.recipients, in: files.directory)
        let findings = ListFindings(mailing.recipients, lineOfKey: { _ in nil })
        let variables = VariableFindings(mailing.content.variables, lineOfKey: { _ in nil })
        var loading = ListLoading(sources, findings, variables, hashMask: hashMask)
        try loading.run(check: { _ in [] })
        return RecipientList(loading)
    }

    /// What is wrong with the list.
    func problems() -> [Diagnostic] {
        do throws(RecipientListFailure) {
            _ = try load()
            return []
        } catch {
            switch error {
            case .invalid(let problems, _): return problems
            case .unreadable, .changed: return [Diagnostic(message: "\(error)", hint: "")]
            }
        }
    }
}

extension RecipientList {
    /// The addresses in the order of the table, each read anew.
    func addresses() throws -> [String] {
        try (0..<table.count).map { try recipient(at: $0).address.description }
    }
}
