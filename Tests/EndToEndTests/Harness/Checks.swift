import Foundation

/// `spool-check --json`, as a program reads it.
struct Checks: Decodable {
    struct File: Decodable {
        struct Part: Decodable, Equatable {
            let type: String
            let name: String?
            let bytes: Int
            let derived: Bool
        }

        let file: String
        let name: String
        let spool: String?
        let state: String?
        let canBeSent: Bool
        let from: String?
        let subject: String?
        let sendAt: String?
        let beginsAt: String?
        let secondsNeeded: Int?
        let recipients: Int?
        let unique: Int?
        let duplicate: Int?
        let invalid: Int?
        let suppressed: Int?
        let sent: Int?
        let remaining: Int?
        let parts: [Part]
        let largestMessage: Int?
        let errors: [Status.Mailing.Problem]
        let warnings: [Status.Mailing.Problem]
    }

    let at: String
    let files: [File]
}

extension ScratchSpool {
    /// Writes a draft beside the state folders, and gives its path.
    func write(_ draft: Draft, as name: String) throws -> String {
        try replace("\(name).json", with: try draft.json)
        return "\(path)/\(name).json"
    }

    /// Runs spool-check on this spool.
    func check(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try Run.start(Installation.check, ["--spool", path] + arguments, environment: environment).wait()
    }

    /// What spool-check says of one document, to a program.
    func checkJSON(_ document: String) throws -> Checks.File {
        let outcome = try check(document, "--json")
        let checks = try JSONDecoder().decode(Checks.self, from: Data(outcome.output.utf8))
        guard checks.files.count == 1, let file = checks.files.first else {
            throw HarnessError("spool-check --json: \(outcome.output)")
        }
        return file
    }

    /// A file, or every entry of a folder, with its contents and what `stat` says of it.
    func image(of place: String) throws -> String {
        let listing = try tool("/usr/bin/find", "\(path)/\(place)", "-printf", "%p %i %m %s %T@ %C@\\n")
        return try listing
            + tool("/usr/bin/find", "\(path)/\(place)", "-type", "f", "-exec", "cksum", "{}", "+")
    }
}
