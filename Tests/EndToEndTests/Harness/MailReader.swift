import Foundation

/// What Python's email package (policy `default`) finds in a message.
struct ReadMail: Decodable {
    struct Address: Decodable {
        let name: String
        let address: String
    }

    struct File: Decodable {
        let name: String?
        let base64: String
    }

    let defects: [String]
    let fieldNames: [String]
    let fields: [String: String]
    let from: [Address]
    let to: [Address]
    let text: String?
    let html: String?
    let files: [File]
    let structure: String

    /// Lets one Python process read the messages in these files.
    static func read(_ files: [String]) throws -> [ReadMail] {
        let script = Installation.package.appending(path: "Tests/EndToEndTests/Programs/read-mail.py").path
        let outcome = try Run.start("/usr/bin/env", ["python3", script] + files).wait(seconds: 120)
        guard outcome.ending == .exited(0) else { throw HarnessError("read-mail.py: \(outcome.errors)") }
        return try JSONDecoder().decode([ReadMail].self, from: Data(outcome.output.utf8))
    }
}
